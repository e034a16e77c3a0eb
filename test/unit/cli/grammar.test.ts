import assert from "node:assert/strict";
import { agentNames } from "../../../src/protocol/agents.ts";
import { commandNames } from "../../../src/cli/command-table.ts";
import { interpret } from "../../../src/cli/grammar.ts";

describe("the grammar of a command line", () => {
  it("takes nothing at all as a call for help", () => {
    assert.deepEqual(interpret([]), { kind: "help" });
  });

  it("takes the first word as a subcommand before anything else", () => {
    assert.deepEqual(interpret(["list", "--all"]), { kind: "command", name: "list", args: ["--all"] });
  });

  it("takes the first word as an agent next, and leaves its arguments alone", () => {
    assert.deepEqual(interpret(["claude", "--help", "-p", "list"]), {
      kind: "agent",
      agent: "claude",
      args: ["--help", "-p", "list"],
    });
  });

  it("knows every agent", () => {
    for (const agent of agentNames) assert.deepEqual(interpret([agent]), { kind: "agent", agent, args: [] });
  });

  it("takes any other word as a program, which may still prove to be a slip", () => {
    assert.deepEqual(interpret(["make", "-j", "4"]), { kind: "program", words: ["make", "-j", "4"], explicit: false });
  });

  it("knows that a path is meant as a program", () => {
    assert.deepEqual(interpret(["./list"]), { kind: "program", words: ["./list"], explicit: true });
  });

  it("takes what follows -- as a program, whatever its name", () => {
    assert.deepEqual(interpret(["--", "list", "--", "x"]), {
      kind: "program",
      words: ["list", "--", "x"],
      explicit: true,
    });
  });

  it("misses a command after --", () => {
    assert.equal(interpret(["--"]).kind, "misuse");
  });

  it("refuses an option that it does not know", () => {
    assert.equal(interpret(["--bogus"]).kind, "misuse");
  });

  it("takes `help list` as `list --help`", () => {
    assert.deepEqual(interpret(["help", "list"]), { kind: "command", name: "list", args: ["--help"] });
  });

  it("is not misled by names that every object has", () => {
    assert.equal(interpret(["constructor"]).kind, "program");
  });

  it("gives no agent the name of a subcommand", () => {
    assert.deepEqual(
      agentNames.filter((name) => (commandNames as string[]).includes(name)),
      [],
    );
  });
});
