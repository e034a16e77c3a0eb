import assert from "node:assert/strict";
import { agentNames } from "../../../src/protocol/agents.ts";
import { commandNames } from "../../../src/cli/command-table.ts";
import { interpret } from "../../../src/cli/grammar.ts";

const none = { whenHeld: "refuse", persona: null, trust: false } as const;

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
      options: none,
    });
  });

  it("knows every agent", () => {
    for (const agent of agentNames) {
      assert.deepEqual(interpret([agent]), { kind: "agent", agent, args: [], options: none });
    }
  });

  it("takes any other word as a program, which may still prove to be a slip", () => {
    assert.deepEqual(interpret(["make", "-j", "4"]), {
      kind: "program",
      words: ["make", "-j", "4"],
      explicit: false,
      options: none,
    });
  });

  it("knows that a path is meant as a program", () => {
    assert.deepEqual(interpret(["./list"]), { kind: "program", words: ["./list"], explicit: true, options: none });
  });

  it("takes what follows -- as a program, whatever its name", () => {
    assert.deepEqual(interpret(["--", "list", "--", "x"]), {
      kind: "program",
      words: ["list", "--", "x"],
      explicit: true,
      options: none,
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

  describe("with options for the launch", () => {
    it("takes those before the agent for Tally, and those behind its name for the agent", () => {
      assert.deepEqual(interpret(["--wait", "claude", "--force", "--wait"]), {
        kind: "agent",
        agent: "claude",
        args: ["--force", "--wait"],
        options: { ...none, whenHeld: "wait" },
      });
    });

    it("takes a program as well, whatever its name", () => {
      const options = { ...none, whenHeld: "start" } as const;
      assert.deepEqual(interpret(["--force", "make", "-j"]), {
        kind: "program",
        words: ["make", "-j"],
        explicit: false,
        options,
      });
      assert.deepEqual(interpret(["--force", "--", "list"]), {
        kind: "program",
        words: ["list"],
        explicit: true,
        options,
      });
    });

    it("runs the agent of a persona, or the one that is named", () => {
      const options = { ...none, persona: "work", trust: true };
      for (const words of [
        ["--persona", "work", "--trust"],
        ["--trust", "--persona=work"],
      ]) {
        assert.deepEqual(interpret(words), { kind: "persona", persona: "work", args: [], options });
        assert.deepEqual(interpret([...words, "codex", "hi"]), {
          kind: "agent",
          agent: "codex",
          args: ["hi"],
          options,
        });
      }
    });

    it("leaves to a persona's agent what is no option of Tally's, and all behind --", () => {
      for (const words of [["-p", "list"], ["fix it"]]) {
        const intent = interpret(["--persona", "work", ...words]);
        assert.deepEqual(intent.kind === "persona" && intent.args, words);
      }
      const intent = interpret(["--persona", "work", "--", "claude", "--wait"]);
      assert.deepEqual(intent.kind === "persona" && intent.args, ["claude", "--wait"]);
    });

    it("misses the agent, and the persona's name", () => {
      for (const words of [["--wait"], ["--persona"], ["--persona="], ["--persona", "--wait", "claude"]]) {
        assert.equal(interpret(words).kind, "misuse", words.join(" "));
      }
    });

    it("refuses what contradicts itself, and what is for no launch", () => {
      for (const words of [
        ["--wait", "--force", "claude"],
        ["--force", "--wait", "claude"],
        ["--trust", "claude"],
        ["--wait", "list"],
        ["--wait", "--bogus", "claude"],
      ]) {
        assert.equal(interpret(words).kind, "misuse", words.join(" "));
      }
    });

    it("helps all the same", () => {
      assert.deepEqual(interpret(["--wait", "--help"]), { kind: "help" });
    });
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
