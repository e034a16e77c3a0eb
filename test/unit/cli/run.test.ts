import assert from "node:assert/strict";
import { interpret, type RunIntent } from "../../../src/cli/grammar.ts";
import { wordsOfOptions } from "../../../src/cli/launch-options.ts";
import { contextFromEnvironment, launchRequest, wordsOfRun } from "../../../src/cli/run/request.ts";
import { canRunUntracked, whyUntracked } from "../../../src/cli/run/untracked.ts";
import { quoteForCommandProcessor } from "../../../src/protocol/windows-batch.ts";
import { TallyError } from "../../../src/protocol/errors.ts";

describe("the request for a session", () => {
  const request = (words: string[], env: Record<string, string> = {}) =>
    launchRequest(interpret(words) as RunIntent, "/work", env);

  it("names the agent and passes its arguments", () => {
    const { agent, args } = request(["claude", "-p", "hi there"]);
    assert.deepEqual({ agent, args }, { agent: "claude", args: ["-p", "hi there"] });
  });

  it("runs any other program as agent command", () => {
    const { agent, args } = request(["--", "list", "--all"]);
    assert.deepEqual({ agent, args }, { agent: "command", args: ["list", "--all"] });
  });

  it("says what to do while a limit holds it: only --force starts it anyway", () => {
    assert.deepEqual(
      [["claude"], ["--wait", "claude"], ["--force", "claude"]].map((words) => request(words).whenPaused),
      ["refuse", "refuse", "start"],
    );
  });

  it("names the persona, and an agent only where the person did", () => {
    const { agent, persona, args } = request(["--persona", "work", "claude", "hi"]);
    assert.deepEqual({ agent, persona, args }, { agent: "claude", persona: "work", args: ["hi"] });
    const named = request(["--persona", "work", "-p", "hi"]);
    assert.deepEqual(["agent" in named, named.persona, named.args], [false, "work", ["-p", "hi"]]);
  });

  it("can be typed again", () => {
    for (const words of [
      ["claude", "-p", "list"],
      ["make", "-j"],
      ["--", "list"],
      ["--persona", "work", "--", "--wait"],
    ]) {
      const intent = interpret(words) as RunIntent;
      const { head, rest } = wordsOfRun(intent);
      assert.deepEqual(interpret([...wordsOfOptions(intent.options), ...head, ...rest]), intent);
    }
  });

  it("carries the caller's environment, without the editor's own variables", () => {
    assert.deepEqual(request(["claude"], { KEY: "value", ELECTRON_RUN_AS_NODE: "1" }).env, { KEY: "value" });
  });

  it("takes title and context from the variables of existing wrappers", () => {
    const env = {
      TL_TITLE: "Fix it",
      TL_PROJECT: "shop",
      TL_REPO: "/shop",
      TL_AGENT: "aider",
      TL_IDE: "code",
      TL_TASK_ID: "t1",
    };
    const { title, context } = request(["claude"], env);
    assert.deepEqual(
      { title, context },
      {
        title: "Fix it",
        context: { projectName: "shop", repoPath: "/shop", agentLabel: "aider", ide: "code", taskId: "t1" },
      },
    );
  });

  it("takes a relative TL_REPO from the folder it was typed in", () => {
    assert.equal(contextFromEnvironment({ TL_REPO: "../shop" }, "/home/me/x")?.repoPath, "/home/me/shop");
  });

  it("takes empty variables as not set", () => {
    assert.equal(contextFromEnvironment({ TL_PROJECT: "", TL_REPO: "" }, "/work"), null);
    assert.equal("title" in request(["claude"], { TL_TITLE: "" }), false);
  });
});

describe("an untracked run", () => {
  it("is for failures of Tally's own", () => {
    assert.equal(whyUntracked(new TallyError("gateway-start-failed", "It ended\nat once.")), "It ended at once.");
  });

  it("is not for a launch that may have arrived: twice is worse than not at all", () => {
    assert.equal(whyUntracked(new TallyError("gateway-unreachable", "Reset.", { mayHaveArrived: true })), null);
  });

  it("is for files of Tally's that cannot be written", () => {
    const error = Object.assign(new Error("EROFS: read-only file system"), { syscall: "mkdir", code: "EROFS" });
    assert.equal(whyUntracked(error), "EROFS: read-only file system");
  });

  it("is not for a request that is wrong", () => {
    for (const code of ["program-missing", "agent-unknown", "system-folder", "paused"] as const) {
      assert.equal(whyUntracked(new TallyError(code, "no")), null, code);
    }
  });

  it("is not for a persona: only the gateway knows whose account it is on", () => {
    const can = (...words: string[]) => canRunUntracked(interpret(words) as RunIntent);
    assert.deepEqual(
      [can("claude"), can("make"), can("--persona", "work"), can("--persona", "work", "claude")],
      [true, true, false, false],
    );
  });

  it("does not hide a mistake of ours", () => {
    assert.equal(whyUntracked(new TypeError("x is not a function")), null);
  });
});

describe("an argument for a batch file on Windows", () => {
  it("is quoted, and escaped twice against the command processor", () => {
    assert.equal(quoteForCommandProcessor("plain"), '^^^"plain^^^"');
    assert.equal(quoteForCommandProcessor("a&b"), '^^^"a^^^&b^^^"');
  });

  it("keeps its quotes and the backslashes before them", () => {
    const unescaped = (word: string) => quoteForCommandProcessor(word).replaceAll("^^^", "");
    assert.equal(unescaped('say "hi"'), '"say \\"hi\\""');
    assert.equal(unescaped("C:\\dir\\"), '"C:\\dir\\\\"');
  });
});
