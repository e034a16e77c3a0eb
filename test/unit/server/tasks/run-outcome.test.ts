import assert from "node:assert/strict";
import type { HeadlessEnd } from "../../../../src/server/agents/headless.ts";
import { type KeptOrder, keptOrderSchema } from "../../../../src/server/tasks/kept-order.ts";
import { addUsage, outcomeOf, sessionAfter, taskAfter } from "../../../../src/server/tasks/run-outcome.ts";
import { aRun, aSession } from "../../../support/entities.ts";

const NOW = 50_000;
const exit = { exitCode: 1, signal: null };

function anOrder(fields: Partial<KeptOrder> = {}): KeptOrder {
  const minimal = {
    agent: "claude",
    persona: null,
    args: [],
    env: {},
    cwd: "/shop",
    origin: "cli",
    model: null,
    isForced: false,
  };
  return { ...keptOrderSchema.parse(minimal), ...fields };
}

const done: HeadlessEnd = { outcome: "done", result: "It is done." };
const failed: HeadlessEnd = { outcome: "failed", error: "No.", mayRetry: false };
const overloaded: HeadlessEnd = { outcome: "failed", error: "Overloaded", mayRetry: true };
const limited = {
  outcome: "limited",
  limit: { kind: "five-hour", model: null, resetsAt: 90_000, isExact: true, text: "You've hit your limit" },
} as const;
const seen = { isVanished: false, hasSpoken: true };

describe("what comes of a run", () => {
  const outcome = (end: HeadlessEnd, order: Partial<KeptOrder> = {}, how = seen) =>
    outcomeOf(aRun({ state: "RUNNING" }), anOrder(order), { end, ...how }, NOW);

  it("is what the agent says", () => {
    assert.deepEqual(outcome(done), { outcome: "done", result: "It is done." });
    assert.deepEqual(outcome(failed), { outcome: "failed", error: "No." });
    assert.equal(outcome(limited).outcome, "limited");
  });

  it("is that it was cancelled, unless it was done by then", () => {
    assert.deepEqual(outcome(failed, { stop: "cancelled" }), { outcome: "cancelled" });
    assert.deepEqual(outcome(limited, { stop: "cancelled" }), { outcome: "cancelled" });
    assert.equal(outcome(done, { stop: "cancelled" }).outcome, "done");
  });

  it("is that its time was over", () => {
    const stopped = outcome(failed, { stop: "time-limit" });
    assert(stopped.outcome === "failed");
    assert.match(stopped.error, /took longer/);
  });

  it("is another try where it had done nothing, a little later each time, and not for ever", () => {
    const waits = [0, 1, 2, 3].map((retries) => {
      const again = outcome(overloaded, { retries });
      return again.outcome === "again" ? again.at - NOW : again.outcome;
    });
    assert.deepEqual(waits, [15_000, 60_000, 300_000, "failed"]);
  });

  it("is another try at once where its process vanished before it said a word", () => {
    assert.deepEqual(outcome(failed, {}, { isVanished: true, hasSpoken: false }), {
      outcome: "again",
      error: "No.",
      at: NOW,
    });
  });

  it("is another try a little later where its process vanishes again and again, and not for ever", () => {
    const waits = [1, 2, 3].map((retries) => {
      const again = outcome(failed, { retries }, { isVanished: true, hasSpoken: false });
      return again.outcome === "again" ? again.at - NOW : again.outcome;
    });
    assert.deepEqual(waits, [60_000, 300_000, "failed"]);
  });

  it("is a failure where its process vanished at work: nobody knows what it has done", () => {
    const lost = outcome(overloaded, {}, { isVanished: true, hasSpoken: true });
    assert(lost.outcome === "failed");
    assert.match(lost.error, /was lost while it worked/);
  });
});

describe("a task after its run", () => {
  const task = aRun({ state: "RUNNING", position: 7 });

  it("has left the queue once it has ended", () => {
    const ended = taskAfter(task, { outcome: "done", result: "Yes" }, exit, NOW);
    assert.deepEqual([ended.state, ended.position, ended.endedAt, ended.result], ["DONE", null, NOW, "Yes"]);
  });

  it("keeps its place while it waits for a reset, or for another try", () => {
    const blocked = taskAfter(task, limited, exit, NOW);
    assert.deepEqual([blocked.state, blocked.position, blocked.endedAt], ["BLOCKED", 7, null]);
    const again = taskAfter(task, { outcome: "again", error: "Overloaded", at: NOW }, exit, NOW);
    assert.deepEqual([again.state, again.position, again.endedAt], ["QUEUED", 7, null]);
  });
});

describe("a session after a run in it", () => {
  const session = aSession({ mode: "headless", state: "RUNNING", pid: 5 });

  it("ends with its task, well or badly", () => {
    assert.equal(sessionAfter(session, { outcome: "done", result: "" }, false, exit, NOW).state, "DONE");
    const badly = sessionAfter(session, { outcome: "failed", error: "No." }, false, exit, NOW);
    assert.deepEqual([badly.state, badly.endedAt, badly.reason.text], ["ERROR", NOW, "No."]);
  });

  it("is ready for the next task where it is kept open", () => {
    const open = sessionAfter(session, { outcome: "done", result: "" }, true, exit, NOW);
    assert.deepEqual([open.state, open.endedAt, open.pid], ["IDLE", null, null]);
  });

  it("is paused with its task, and has not ended", () => {
    const paused = sessionAfter(session, limited, false, exit, NOW);
    assert.deepEqual([paused.state, paused.endedAt], ["PAUSED", null]);
  });
});

describe("two usages together", () => {
  const one = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4, costUsd: 0.5 };

  it("are their sum", () => {
    assert.deepEqual(addUsage(one, one), {
      ...{ inputTokens: 2, outputTokens: 4, cacheReadTokens: 6, cacheWriteTokens: 8, costUsd: 1 },
    });
  });

  it("have an unknown cost where one of them has", () => {
    assert.equal(addUsage(one, { ...one, costUsd: null })?.costUsd, null);
    assert.equal(addUsage(null, one), one);
  });
});
