import assert from "node:assert/strict";
import { demo } from "../../../../src/server/agents/demo.ts";
import type { HeadlessReading } from "../../../../src/server/agents/headless.ts";

const agent = demo("/demo.cjs", "/node");
const headless = agent.headless ?? assert.fail();
const order = { prompt: "say hello", conversationId: null, args: ["--steps-ms", "5"] };

function run(events: readonly unknown[], exitCode: number | null = 0, stderr = "") {
  const reader = headless.reader("UTC");
  const lines = events.map((event) => (typeof event === "string" ? event : JSON.stringify(event)));
  const readings: HeadlessReading[] = lines.flatMap((line) => reader.line(line, 0));
  return { readings, end: reader.end({ exitCode, signal: null, stderr }, 0) };
}

describe("the demo agent without a terminal", () => {
  it("gets its prompt on standard input, and goes on with a conversation", () => {
    assert.deepEqual(headless.launch(order), { args: ["--json", "--steps-ms", "5"], stdin: "say hello" });
    const { args } = headless.launch({ ...order, conversationId: "c1" });
    assert.deepEqual(args, ["--json", "--steps-ms", "5", "--resume", "c1"]);
  });

  it("tells its conversation, what it does, and its result", () => {
    const { readings, end } = run([
      { type: "conversation", id: "c1" },
      { type: "say", text: "hello" },
      { type: "tool", text: "Bash: true" },
      { type: "done", result: "hello" },
    ]);
    assert.deepEqual(readings, [
      { type: "conversation", id: "c1" },
      { type: "output", entry: { kind: "text", text: "hello" } },
      { type: "output", entry: { kind: "tool", text: "Bash: true" } },
    ]);
    assert.deepEqual(end, { outcome: "done", result: "hello" });
  });

  it("tells tokens and cost of the run in all", () => {
    const spent = { type: "tokens", input: 10, output: 2, costUsd: 0.5 };
    const { readings } = run([spent, spent]);
    assert.deepEqual(readings.at(-1), {
      type: "usage",
      usage: { inputTokens: 20, outputTokens: 4, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 1 },
    });
  });

  it("is stopped by a limit that resets at an exact time", () => {
    const { end } = run([{ type: "limit", kind: "weekly", resetsAt: 5_000 }], 1);
    assert.ok(end.outcome === "limited");
    assert.deepEqual([end.limit.kind, end.limit.resetsAt, end.limit.isExact], ["weekly", 5_000, true]);
  });

  it("fails in its own words, and says when the same prompt can be given again", () => {
    const { end } = run([{ type: "failed", text: "too busy", mayRetry: true }], 1);
    assert.deepEqual(end, { outcome: "failed", error: "too busy", mayRetry: true });
  });

  it("has failed when it ends without a word, with what it wrote last", () => {
    const { end } = run(["{", "garbage", { type: "unheard of" }], 3, "\x1b[31mout of paper\x1b[m\n");
    assert.deepEqual(end, {
      outcome: "failed",
      error: "The demo agent ended with exit code 3, and did not say how it went. Its last words: out of paper",
      mayRetry: false,
    });
  });

  it("has accounts that a variable tells apart", () => {
    const of = (env: Record<string, string>) => agent.account({ args: [], env, cwd: "/", readText: () => null });
    assert.deepEqual([of({}).isDefault, of({}).endpoint], [true, null]);
    const other = of({ TALLY_DEMO_ACCOUNT: "second" });
    assert.deepEqual([other.isDefault, other.endpoint], [false, "second"]);
    assert.deepEqual(agent.keptVariables, ["TALLY_DEMO_ACCOUNT"]);
  });
});
