import assert from "node:assert/strict";
import type { HeadlessExit } from "../../../../src/server/agents/headless.ts";
import { gemini } from "../../../../src/server/agents/gemini.ts";
import { type ReadRun, readRun, recordedRun } from "../../../support/recorded-runs.ts";

const headless = gemini.headless ?? assert.fail();

function read(lines: readonly string[], exit: Partial<HeadlessExit> = {}): ReadRun {
  return readRun(headless.reader("UTC"), lines, exit);
}

const recorded = (name: string) => recordedRun("gemini-0.61.0", name);

function told({ readings }: ReadRun): string[] {
  return readings.map((reading) =>
    reading.type === "output" ? `${reading.entry.kind}: ${reading.entry.text}` : reading.type,
  );
}

function refused(code: number): string[] {
  const init = { type: "init", session_id: "c1", model: "gemini-2.5-flash" };
  const error = { message: `[API Error: {"error":{"code":${code},"message":"Not now."}}]` };
  return [init, { type: "result", timestamp: "2026-11-21T16:00:00.000Z", status: "error", error }].map((line) =>
    JSON.stringify(line),
  );
}

describe("a run of Gemini CLI without a terminal", () => {
  it("tells what it does, what that took, and its last words as the result", () => {
    const run = read(recorded("story"));
    assert.deepEqual(told(run), [
      "conversation",
      "model",
      "text: I will look.",
      "tool: run_shell_command: echo hi",
      "tool: read_file: missing.txt",
      "error: File not found: /home/ada/work/missing.txt",
      "text: All done.\nTwo lines.",
      "usage",
    ]);
    // Thoughts are charged as output: three tokens an answer.
    const usage = { inputTokens: 1610, outputTokens: 84, cacheReadTokens: 300, cacheWriteTokens: 0, costUsd: null };
    assert.deepEqual(run.readings.at(-1), { type: "usage", usage });
    assert.deepEqual(run.end, { outcome: "done", result: "All done.\nTwo lines." });
  });

  it("is done where a tool was not allowed and the model went on", () => {
    assert.deepEqual(read(recorded("denied")).end, { outcome: "done", result: "I cannot." });
  });

  it("puts together what the model says in pieces", () => {
    const piece = (content: string) => JSON.stringify({ type: "message", role: "assistant", content, delta: true });
    const done = JSON.stringify({ type: "result", timestamp: "2026-11-21T16:00:00.000Z", status: "success" });
    const run = read([piece("One "), piece("sentence."), done]);
    assert.deepEqual(told(run), ["text: One sentence."]);
  });

  for (const name of ["limit", "limit-after-work"]) {
    it(`is stopped by the daily quota of its model: ${name}`, () => {
      const { end } = read(recorded(name), { exitCode: 173 });
      assert.deepEqual(end.outcome === "limited" && [end.limit.kind, end.limit.model, end.limit.resetsAt], [
        "daily",
        "gemini-2.5-flash",
        null,
      ]);
    });
  }

  it("names no conversation before the model has said something: it could not be resumed", () => {
    assert.deepEqual(read(recorded("limit"), { exitCode: 173 }).readings, []);
  });

  it("fails with what the API has answered", () => {
    assert.deepEqual(read(recorded("failed"), { exitCode: 144 }).end, {
      outcome: "failed",
      error: "The model's API answered with an error: That is a bad request.",
      mayRetry: false,
    });
  });

  for (const [status, exitCode, mayRetry] of [
    [503, 247, true],
    [429, 173, true],
    [503, 503, true],
    [403, 147, false],
  ] as const) {
    it(`may ${mayRetry ? "" : "not "}be tried again after ${status}, exit code ${exitCode}`, () => {
      const { end } = read(refused(status), { exitCode });
      assert.deepEqual(end.outcome === "failed" && end.mayRetry, mayRetry);
    });
  }

  it("is not tried again once it has done something", () => {
    const said = JSON.stringify({ type: "message", role: "assistant", content: "I begin.", delta: true });
    const [init = "", result = ""] = refused(503);
    const { end } = read([init, said, result], { exitCode: 247 });
    assert.deepEqual(end.outcome === "failed" && end.mayRetry, false);
  });

  it("fails with its last words on standard error where it says nothing else", () => {
    const { end } = read([], {
      exitCode: 55,
      stderr: "\x1b[31mGemini CLI is not running in a trusted directory.\x1b[0m\n",
    });
    assert.match(end.outcome === "failed" ? end.error : "", /exit code 55.*not running in a trusted directory\.$/);
  });

  it("fails where it was cut off", () => {
    const { end } = read(recorded("story").slice(0, 3), { exitCode: null, signal: "SIGKILL" });
    assert.match(end.outcome === "failed" ? end.error : "", /ended by SIGKILL/);
  });
});

describe("the arguments of a run of Gemini CLI without a terminal", () => {
  const prompt = "-- do it\nwell";
  const launched = (args: readonly string[], conversationId: string | null = null) =>
    headless.launch({ prompt, conversationId, args });

  it("leave the prompt to standard input", () => {
    assert.deepEqual(launched(["-m", "gemini-x"]), {
      args: ["--output-format", "stream-json", "-m", "gemini-x"],
      stdin: prompt,
    });
  });

  it("go on with a conversation", () => {
    assert.deepEqual(launched(["--yolo"], "c1").args, ["--output-format", "stream-json", "--yolo", "--resume", "c1"]);
  });

  for (const theirs of [
    ["-o", "text"],
    ["--output-format=json"],
    ["-p", "other"],
    ["-i", "other"],
    ["--resume", "x"],
    ["fix it"],
  ]) {
    it(`are ours before the person's own: ${theirs.join(" ")}`, () => {
      assert.deepEqual(launched([...theirs, "--yolo"]).args, ["--output-format", "stream-json", "--yolo"]);
    });
  }
});
