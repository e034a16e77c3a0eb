import assert from "node:assert/strict";
import type { AgentLaunch } from "../../../../src/server/agents/adapter.ts";
import type { HeadlessExit } from "../../../../src/server/agents/headless.ts";
import { opencode } from "../../../../src/server/agents/opencode.ts";
import { type ReadRun, readRun, recordedRun } from "../../../support/recorded-runs.ts";

const headless = opencode.headless ?? assert.fail();

function read(lines: readonly string[], exit: Partial<HeadlessExit> = {}): ReadRun {
  return readRun(headless.reader("UTC"), lines, exit);
}

const recorded = (name: string) => recordedRun("opencode-1.18.33", name);

function outputs({ shown }: ReadRun): string[] {
  return shown.map(({ kind, text }) => `${kind}: ${text}`);
}

describe("a run of opencode without a terminal", () => {
  it("tells what it does, and its last words as the result", () => {
    const run = read(recorded("story"));
    assert.deepEqual(outputs(run), [
      "text: I will look.",
      "tool: bash: echo hi",
      "tool: read: missing.txt",
      "error: File not found: /home/ada/work/missing.txt",
      "tool: task: look around",
      "text: All done.\nTwo lines.",
    ]);
    assert.deepEqual(run.end, { outcome: "done", result: "All done.\nTwo lines." });
  });

  it("tells its conversation first, and its model", () => {
    const [first, ...others] = read(recorded("story")).readings;
    assert.match(first?.type === "conversation" ? first.id : "", /^ses_/);
    assert.ok(others.some((each) => each.type === "model" && each.model === "loopback/model-one"));
  });

  it("counts what its sub-agents took, too", () => {
    const usage = read(recorded("story")).last("usage")?.usage;
    assert.deepEqual(
      { ...usage, costUsd: usage?.costUsd?.toFixed(6) },
      { inputTokens: 1670, outputTokens: 87, cacheReadTokens: 300, cacheWriteTokens: 0, costUsd: "0.006405" },
    );
  });

  it("fails where a permission was asked for that nobody could give", () => {
    assert.deepEqual(read(recorded("denied")).end, {
      outcome: "failed",
      error:
        "It may not do this, and nobody was there to ask: bash: touch x. Allow it in opencode's settings, or give it --auto.",
      mayRetry: false,
    });
  });

  it("is done where a sub-agent was not allowed something and it went on", () => {
    assert.equal(read(recorded("denied-to-sub-agent")).end.outcome, "done");
  });

  for (const [name, exitCode] of [
    ["limit", 0],
    ["limit-after-work", 0],
    ["limit-ends-turn", 1],
  ] as const) {
    it(`is stopped by a limit, with its exact reset: ${name}`, () => {
      const { end } = read(recorded(name), { exitCode });
      assert.equal(end.outcome, "limited");
      const { isExact, text } = end.limit;
      assert.deepEqual([isExact, text], [true, "You have reached your usage limit."]);
    });
  }

  it("knows the conversation of a run that a limit stopped before its first answer", () => {
    assert.equal(read(recorded("limit")).readings[0]?.type, "conversation");
  });

  it("may be tried again where the API makes it wait for long, and that is no limit", () => {
    const { end } = read(recorded("long-overload"));
    assert.deepEqual(end, {
      outcome: "failed",
      error: "The model's API makes it wait for too long: Provider is overloaded",
      mayRetry: true,
    });
  });

  it("goes on by itself after a short wait", () => {
    const run = read(recorded("tried-again"));
    assert.equal(outputs(run)[0], "error: It tries again: Provider is overloaded");
    assert.deepEqual(run.end, { outcome: "done", result: "Later." });
  });

  it("fails with what the API has answered", () => {
    assert.deepEqual(read(recorded("failed"), { exitCode: 1 }).end, {
      outcome: "failed",
      error: "The model's API answered with an error: That is a bad request.",
      mayRetry: false,
    });
  });

  it("fails with its last words on standard error where it says nothing else", () => {
    const { end } = read([], { exitCode: 1, stderr: "\x1b[91mError: \x1b[0mSession not found\n" });
    assert.match(end.outcome === "failed" ? end.error : "", /exit code 1.*Session not found$/);
  });

  it("is not done where it was cut off", () => {
    const cut = recorded("story").slice(0, 5);
    assert.equal(read(cut, { exitCode: null, signal: "SIGTERM" }).end.outcome, "failed");
    assert.equal(read(cut).end.outcome, "failed");
  });
});

describe("the launch of a run of opencode without a terminal", () => {
  const launched = (args: readonly string[], conversationId: string | null = null) =>
    headless.launch({ prompt: "-- do it\nwell", conversationId, args });

  it("leaves the prompt to standard input", () => {
    assert.deepEqual(launched(["-m", "loopback/one", "--auto"]), {
      args: ["run", "--format", "json", "-m", "loopback/one", "--auto"],
      stdin: "-- do it\nwell",
    });
  });

  it("goes on with a conversation", () => {
    assert.deepEqual(launched(["--agent", "plan"], "ses_1").args, [
      ...["run", "--format", "json", "--agent", "plan", "--session", "ses_1"],
    ]);
  });

  for (const theirs of [["run", "fix it"], ["--format", "default"], ["-c"], ["-s", "ses_2"], ["--fork"], ["-i"]]) {
    it(`is as ours before the person's own: ${theirs.join(" ")}`, () => {
      assert.deepEqual(launched([...theirs, "--variant", "high"]).args, [
        ...["run", "--format", "json", "--variant", "high"],
      ]);
    });
  }

  it("brings a plugin that ends long waits, beside those of the person", async () => {
    const theirs = { model: "a/b", plugin: ["theirs"] };
    const { env, files, args } = await planned({ OPENCODE_CONFIG_CONTENT: JSON.stringify(theirs) });
    assert.deepEqual(args, ["run", "--format", "json"]);
    assert.deepEqual(Object.keys(files), ["opencode-wait.js"]);
    assert.deepEqual(JSON.parse(env["OPENCODE_CONFIG_CONTENT"] ?? ""), {
      model: "a/b",
      plugin: ["theirs", "file:///launch/opencode-wait.js"],
    });
  });

  it("leaves settings as they are that it cannot read", async () => {
    assert.deepEqual((await planned({ OPENCODE_CONFIG_CONTENT: "{" })).env, {});
  });

  it("brings no plugin to a version that may not know it", async () => {
    assert.deepEqual((await planned({}, "1.0.0")).files, {});
  });
});

async function planned(env: Record<string, string>, version = "1.18.33"): Promise<AgentLaunch> {
  return opencode.plan({
    sessionId: "s1",
    args: ["run", "--format", "json"],
    env,
    cwd: "/",
    mode: "pipes",
    isHeadless: true,
    find: (program) => `/bin/${program}`,
    versionOf: () => Promise.resolve(version),
    readText: () => null,
    folder: "/launch",
    hooks: null,
    freePort: () => Promise.resolve(1),
    mayContinueItself: false,
    newSecret: () => "",
  });
}
