import assert from "node:assert/strict";
import { commandNames } from "../../../src/cli/command-table.ts";
import { commandHelp, helpText } from "../../../src/cli/help.ts";
import { agentNames } from "../../../src/protocol/agents.ts";

describe("the help", () => {
  it("names every agent and every command", () => {
    for (const name of agentNames) assert.match(helpText(), new RegExp(`Run an agent here:.*\\b${name}\\b`));
    for (const name of commandNames) assert.match(helpText(), new RegExp(`^ {2}tally ${name}\\b`, "m"));
  });

  it("tells the exit code of a wait that took too long", () => {
    assert.match(commandHelp("wait"), /\b124\b/);
  });

  it("names every option for a launch, and the exit code of one that is held", () => {
    for (const option of ["--wait", "--force", "--persona <name>", "--trust"]) {
      assert.match(helpText(), new RegExp(`^ {2}${option}`, "m"));
    }
    assert.match(helpText(), /\b75\b/);
  });

  it("says that the address of the gateway holds its token", () => {
    assert.match(commandHelp("gateway"), /url .*token/);
  });

  it("of an action lists that action's own options", () => {
    assert.match(
      commandHelp("queue", "add"),
      /^Usage: tally queue add.*^--file FILE.*^--session ID.*^--time-limit 30m/ms,
    );
    assert.match(commandHelp("queue", "move"), /^Usage: tally queue move/);
    assert.equal(commandHelp("queue", "toString"), commandHelp("queue"));
  });

  it("does not claim that the refusal inside a session stops every program", () => {
    assert.match(commandHelp("answer"), /refuses to run inside a session.*not\nagainst a program that is set on it/s);
  });
});
