import assert from "node:assert/strict";
import { type CommandEntry, commandNames, commands } from "../../../../src/cli/command-table.ts";
import { expectedAt } from "../../../../src/cli/completion/expected.ts";
import { flagsOfCommand } from "../../../../src/cli/completion/flags.ts";
import { operands } from "../../../../src/cli/completion/operands.ts";
import { helpText } from "../../../../src/cli/help.ts";

const flagsAt = (...words: string[]) => expectedAt(words).flags.map(({ name }) => name);
const kindsAt = (...words: string[]) => expectedAt(words).kinds;
const wordsAt = (...words: string[]) => expectedAt(words).words;

describe("what may stand at the cursor", () => {
  it("is first a command or an agent", () => assert.deepEqual(kindsAt(""), ["command", "agent"]));

  it("is then what the command takes", () => {
    assert.deepEqual(kindsAt("end", ""), ["live-session"]);
    assert.deepEqual(kindsAt("answer", ""), ["waiting-session"]);
    assert.deepEqual(kindsAt("show", ""), ["worktree", "session"]);
    assert.deepEqual(kindsAt("adopt", ""), ["file"]);
  });

  for (const name of commandNames) {
    it(`of ${name} is each of its options`, () => {
      const { actions = {} }: CommandEntry = commands[name];
      for (const action of ["", ...Object.keys(actions)]) {
        const own = flagsOfCommand(name, action || null).map((flag) => flag.name);
        assert.deepEqual(flagsAt(name, ...(action === "" ? [] : [action]), "-"), [...own, "--help"]);
      }
    });

    it(`of ${name} is each of the actions that its usage names`, () => {
      const named = /^\w+ \[?((?:[a-z]+\|)+[a-z]+)(?:\]| |$)/.exec(commands[name].usage)?.[1]?.split("|") ?? [];
      // In brackets a word may stand for one that the person chooses: those are no actions.
      const stands = ["name", "id", "ref", "agent", "persona", "pause"];
      const offered = wordsAt(name, "");
      assert.deepEqual(
        named.filter((word) => !stands.includes(word) && !offered.includes(word)),
        [],
      );
      assert.deepEqual(
        Object.keys(operands[name].actions).filter((word) => !commands[name].usage.includes(word)),
        [],
      );
    });
  }

  it("is a session where its option is", () => {
    assert.deepEqual(kindsAt("run", "fix it", "--session", ""), ["session"]);
    assert.deepEqual(
      [kindsAt("run", "--worktree="), expectedAt(["run", "--worktree="]).prefix],
      [["worktree"], "--worktree="],
    );
  });

  it("is one more state of a list", () => {
    const { kinds, prefix } = expectedAt(["wait", "x", "--for", "IDLE,D"]);
    assert.deepEqual([kinds, prefix], [["state"], "IDLE,"]);
  });

  it("is what an action takes, place by place", () => {
    assert.deepEqual(wordsAt("queue", ""), ["list", "add", "move", "remove", "retry"]);
    assert.deepEqual(kindsAt("queue", "move", ""), ["task"]);
    assert.deepEqual(wordsAt("queue", "move", "t1", "").slice(0, 2), ["first", "last"]);
    assert.deepEqual(kindsAt("queue", "move", "t1", "before", ""), ["task"]);
    assert.deepEqual(kindsAt("queue", "remove", "t1", "t2", ""), ["task"]);
  });

  it("is a process of the worktree that was named, whatever options stand between", () => {
    const { kinds, before } = expectedAt(["process", "logs", "--ansi", "fix-12", ""]);
    assert.deepEqual([kinds, before], [["process"], ["fix-12"]]);
  });

  it("is an option where nothing else is left, but none that was given", () => {
    assert.deepEqual(flagsAt("limits", "--json", ""), ["--history", "--help"]);
    assert.deepEqual(flagsAt("end", "x", "--force", ""), ["--help"]);
  });

  it("before an agent is an option of the launch, and then an agent", () => {
    for (const { name } of expectedAt(["-"]).flags) assert.match(helpText(), new RegExp(`${name}\\b`));
    assert.deepEqual(kindsAt("--persona", ""), ["persona"]);
    assert.deepEqual(kindsAt("--persona="), ["persona"]);
    assert.deepEqual(kindsAt("--wait", ""), ["agent"]);
    assert.deepEqual(flagsAt("--wait", "--"), ["--force", "--persona", "--trust"]);
  });

  it("behind an agent is the agent's own, and so is what stands behind --", () => {
    assert.deepEqual(expectedAt(["claude", "--"]), { kinds: ["file"], words: [], flags: [], prefix: "", before: [] });
    assert.deepEqual(kindsAt("run", "fix it", "--", ""), ["file"]);
    assert.deepEqual(kindsAt("--", "list", ""), ["file"]);
  });

  it("behind help is a command", () => assert.deepEqual(kindsAt("help", ""), ["command"]));
});
