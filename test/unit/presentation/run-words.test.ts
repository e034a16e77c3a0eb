import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Task } from "../../../src/protocol/entities.ts";
import type { TaskWait } from "../../../src/protocol/tasks.ts";
import {
  addedWords,
  failureWords,
  outcomeWords,
  queueDescription,
  runDescription,
  runLabel,
  runRowTitle,
} from "../../../src/presentation/run-words.ts";
import type { RunNode } from "../../../src/presentation/tree-nodes.ts";
import { aRun } from "../../support/entities.ts";

const now = new Date(2026, 10, 21, 15, 0).getTime();
const atFive = new Date(2026, 10, 21, 17, 0).getTime();
const usage = { inputTokens: 12_000, outputTokens: 400, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.123 };

describe("what stands behind a task of the queue", () => {
  const words: [TaskWait["kind"], string][] = [
    ["pause", "paused"],
    ["slots", "no free slot"],
    ["memory", "too little memory"],
    ["writer", "worktree in use"],
    ["session", "session is busy"],
    ["worktree", "worktree not ready"],
    ["trial", "after another task's try"],
    ["retry", "tries again 17:00"],
    ["person", "needs you: Sign in again."],
  ];
  for (const [kind, text] of words) {
    it(`is what it waits for: ${text}`, () => {
      assert.equal(runDescription(aRow(waiting(kind), { place: "" }), now), text);
    });
  }

  it("says where too, if all of that is seen", () => {
    assert.equal(runDescription(aRow(waiting("pause"), { place: "cart" }), now), "paused · cart");
    assert.equal(runDescription(aRow(waiting("pause"), { place: "feature-payment" }), now), "paused");
  });

  it("is that it comes after another task, where one before it works in its worktree", () => {
    assert.equal(runDescription(aRow(waiting("writer"), { isBehind: true }), now), "after another task");
  });

  it("is that it comes after the session or task that works in its worktree, whichever task is before it", () => {
    const after = (text: string) => runDescription(aRow(waiting("writer", text), { isBehind: true }), now);
    assert.equal(after("Session Fix it works in its worktree."), "after Fix it");
    assert.equal(after("Session Fix it goes on in its worktree when its limit resets."), "after Fix it");
    assert.equal(after("Task Fix it works in its worktree."), "after Fix it");
    assert.equal(after("Task Fix it comes first in its worktree."), "after Fix it");
    assert.equal(after("Session Fix the cart's rounding works in its worktree."), "after Fix the cart's roun…");
  });

  it("is that its session waits for the person, where it does", () => {
    const session = { title: "Fix the cart", isWaiting: true };
    assert.match(runDescription(aRow(waiting("session"), { session }), now), /^session waits for you/);
  });

  it("is that it starts, where nothing holds it", () => {
    assert.equal(runDescription(aRow({}), now), "starting");
  });

  it("is how long it has run", () => {
    const running = { state: "RUNNING" as const, startedAt: now - 180_000, position: null };
    assert.equal(runDescription(aRow(running), now), "3m · rounding");
    assert.equal(runDescription(aRow({ ...running, startedAt: now - 40_000 }), now), "<1m · rounding");
  });
});

describe("the title of a task in the queue", () => {
  const title = "Task number 3: rewrite chapter 3 of the manual";

  it("leaves room for what stands behind it", () => {
    assert.equal(runRowTitle(aRow({ ...waiting("pause"), title }), now), "Task number 3: rewrite…");
  });

  it("is never so short that it says nothing", () => {
    assert.equal(runRowTitle(aRow({ ...waiting("person"), title }), now), "Task number 3:…");
  });
});

describe("what a screen reader says of a task of the queue", () => {
  it("is its title, its state, what it waits for and where", () => {
    assert.equal(runLabel(aRow(waiting("pause")), now), "Task Fix the tests, queued, paused until 17:00, in rounding");
  });

  it("is how long it has run", () => {
    const running = { state: "RUNNING" as const, startedAt: now - 40_000, position: null };
    assert.equal(runLabel(aRow(running), now), "Task Fix the tests, running for less than a minute, in rounding");
  });
});

describe("what stands behind the queue", () => {
  const queue = (running: number, waits: number) => queueDescription({ running, waiting: waits });

  it("is how many run and wait", () => {
    assert.deepEqual([queue(2, 5), queue(0, 1), queue(1, 0)], ["2 running · 5 waiting", "1 waiting", "1 running"]);
  });
});

describe("what became of a task", () => {
  const ended = { startedAt: 0, endedAt: 180_000 };

  it("is said with what it took", () => {
    assert.equal(outcomeWords(aRun({ ...ended, state: "DONE", usage })), "Done in 3 min: 12k in, 400 out, $0.12");
  });

  it("is said with why it failed", () => {
    assert.equal(
      outcomeWords(aRun({ ...ended, state: "ERROR", error: "The tests hang." })),
      "Failed after 3 min: The tests hang.",
    );
  });

  it("is said to the second of one that took no minute", () => {
    assert.equal(outcomeWords(aRun({ state: "DONE", startedAt: 0, endedAt: 39_200 })), "Done in 40 s.");
  });

  it("is said of one that never began", () => {
    assert.equal(outcomeWords(aRun({ state: "CANCELLED", endedAt: 5 })), "Cancelled.");
  });
});

describe("what is said of a task that was just added", () => {
  it("is when it begins, where its account is paused", () => {
    const wait: TaskWait = { kind: "pause", text: "", until: atFive };
    assert.equal(
      addedWords(aRun(), wait, now),
      'Added "Fix the tests". Its account is paused: it begins 17:00, in 2 h.',
    );
  });

  it("is no more than that where it begins soon", () => {
    assert.equal(addedWords(aRun(), null, now), 'Added "Fix the tests" to the queue.');
  });
});

describe("what a notification says of a task", () => {
  it("is why it failed", () => {
    const failed = aRun({ state: "ERROR", error: "The tests hang." });
    assert.equal(failureWords(failed), 'Task "Fix the tests" failed: The tests hang.');
  });

  it("is what the person has to do", () => {
    assert.equal(failureWords(aRun(waiting("person"))), 'Task "Fix the tests" needs you: Sign in again.');
  });
});

function waiting(kind: TaskWait["kind"], text = "Sign in again."): Partial<Task> {
  const until = kind === "pause" || kind === "retry" ? atFive : null;
  const { run } = aRun();
  return { run: run && { ...run, waitsFor: { kind, text, until } } };
}

function aRow(task: Partial<Task>, fields: Partial<RunNode> = {}): RunNode {
  const { run } = aRun();
  return {
    kind: "run",
    id: "run:run1",
    parent: "queue",
    children: [],
    task: aRun({ ...(task.state === "RUNNING" && run && { run: { ...run, via: "headless" } }), ...task }),
    place: "rounding",
    account: null,
    session: null,
    isBehind: false,
    isFirst: true,
    isLast: true,
    ...fields,
  };
}
