import assert from "node:assert/strict";
import { plain } from "../../../../src/cli/screen/style.ts";
import { endedWords } from "../../../../src/cli/tasks/cancel-task.ts";
import { failedRecently } from "../../../../src/cli/tasks/queue-retry.ts";
import { formatQueue } from "../../../../src/cli/tasks/queue-table.ts";
import { formatTask } from "../../../../src/cli/tasks/task-facts.ts";
import {
  allHandedOverWords,
  countOpen,
  endWords,
  failedWords,
  handedOverWords,
  openTasksWords,
  watchedWaitWords,
} from "../../../../src/cli/tasks/task-words.ts";
import type { Task } from "../../../../src/protocol/entities.ts";
import type { TaskRun, TaskWait } from "../../../../src/protocol/tasks.ts";
import { aProject, aRun, aSession, aWorktree } from "../../../support/entities.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const nowMs = Date.parse("2026-11-21T12:47:00Z");
const time = { nowMs, timeZone: "UTC" };
const surface = { ...time, style: plain, width: null };

const paused: TaskWait = { kind: "pause", text: "Claude Code is paused until 15:00.", until: nowMs + 2 * HOUR };
const crowded: TaskWait = { kind: "slots", text: "3 tasks run already, as many as may.", until: null };
const stuck: TaskWait = { kind: "person", text: "Its worktree is gone. Cancel it.", until: null };
const usage = { inputTokens: 1_200, outputTokens: 340, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.12 };

function waiting(waitsFor: TaskWait | null, fields: Partial<Task> = {}): Task {
  return aRun({ ...fields, run: { ...(aRun().run as TaskRun), waitsFor } });
}

function ended(state: Task["state"], fields: Partial<Task> = {}): Task {
  return aRun({ state, startedAt: nowMs - 90 * SECOND, endedAt: nowMs, position: null, ...fields });
}

describe("what is said of a task", () => {
  it("that was handed over: what it waits for or that it begins, and how to follow it", () => {
    const id = "claude-1795279163832-b4bcgg71m";
    assert.equal(
      handedOverWords(waiting(paused, { id }), time),
      "Task b4bcgg71m waits: Claude Code is paused until 15:00, in 2 h. Follow it: tally task follow b4bcgg71m",
    );
    assert.equal(
      handedOverWords(waiting(null, { id }), time),
      "Task b4bcgg71m begins. Follow it: tally task follow b4bcgg71m",
    );
  });

  it("that were handed over together: one line, with what all of them wait for", () => {
    const tasks = [waiting(paused), waiting(paused)];
    assert.equal(
      allHandedOverWords(tasks, time),
      "2 tasks wait: Claude Code is paused until 15:00, in 2 h. See them: tally queue",
    );
    const mixed = [waiting(null), waiting(paused), waiting(crowded)];
    assert.equal(allHandedOverWords(mixed, time), "1 task begins, 2 tasks wait. See them: tally queue");
  });

  it("that has ended, to a person who cancels it", () => {
    const task = ended("CANCELLED", { id: "claude-1795279163832-b4bcgg71m", title: "Fix" });
    assert.equal(
      endedWords(task, nowMs + 2 * SECOND),
      "b4bcgg71m (Fix) was cancelled 2s ago. Queue it again: tally queue retry b4bcgg71m",
    );
  });

  it("to a person who looks on while it waits, to the second where the end is known", () => {
    const words = watchedWaitWords({ ...paused, until: nowMs + 65 * SECOND }, time);
    assert.equal(words, "Claude Code is paused until 15:00: 1 min 5 s left");
    assert.equal(watchedWaitWords(crowded, time), "3 tasks run already, as many as may");
    assert.equal(watchedWaitWords({ ...paused, until: nowMs }, time), "Claude Code is paused until 15:00");
  });

  it("at its end: how long it took, what it used, and why it failed", () => {
    assert.equal(endWords(ended("DONE", { usage }), time), "Done in 2 min: 1.2k in, 340 out, $0.12");
    assert.equal(endWords(ended("DONE"), time), "Done in 2 min.");
    assert.equal(endWords(ended("DONE", { startedAt: nowMs - 200 }), time), "Done in <1 s.");
    assert.equal(
      endWords(ended("ERROR", { error: "It broke.\x1b[2J", usage }), time),
      "Failed after 2 min: It broke.<U+001B>[2J (1.2k in, 340 out, $0.12)",
    );
    assert.equal(
      endWords(ended("CANCELLED", { startedAt: null, details: "You took it out of the queue." }), time),
      "Cancelled. You took it out of the queue.",
    );
  });

  it("that failed lately: where to look, and how all are tried again", () => {
    const failed = ["b4bcgg71m", "2wwjaubr4"].map((id) => ended("ERROR", { id: `claude-1795279163832-${id}` }));
    assert.equal(failedWords(failed.slice(1)), "1 task failed in the last 24 hours. See why: tally task 2wwjaubr4");
    assert.equal(
      failedWords(failed),
      "2 tasks failed in the last 24 hours: b4bcgg71m, 2wwjaubr4. Try them again: tally queue retry --failed",
    );
  });

  it("of all that have not ended: how many are how", () => {
    const tasks = [ended("DONE"), waiting(crowded), waiting(paused), aRun({ state: "RUNNING" })];
    assert.equal(openTasksWords(tasks, plain), "1 running, 2 queued");
    assert.deepEqual(countOpen(tasks), { RUNNING: 1, QUEUED: 2 });
    assert.equal(openTasksWords([ended("ERROR")], plain), "");
  });
});

describe("the queue", () => {
  const surroundings = { projects: [aProject()], worktrees: [aWorktree({ id: "w1", name: "pay" })] };
  const lines = (tasks: Task[], width: number | null = null) => formatQueue(tasks, surroundings, { ...surface, width });

  it("shows what runs, then what waits in its order, for what and where", () => {
    const running = { state: "RUNNING", position: null, worktreeId: "w1", startedAt: nowMs - 3 * MINUTE } as const;
    assert.deepEqual(
      lines([
        aRun({ id: "codex-1795279163832-b4bcgg71m", title: "Lights", agent: "codex", ...running }),
        waiting(paused, { id: "claude-1795279163833-2wwjaubr4", state: "BLOCKED", title: "Cart" }),
        waiting(null, { id: "claude-1795279163834-fklcqzgjz", title: "Till", worktreeId: "w1" }),
        waiting(stuck, { id: "claude-1795279163835-5njtsp35x", title: "Door", worktreeId: "gone" }),
      ]),
      [
        "#  ID         STATE       AGENT   WHERE                    TITLE   WAITS FOR",
        "-  b4bcgg71m  running 3m  codex   pay                      Lights",
        "1  2wwjaubr4  blocked     claude  shop                     Cart    Claude Code is paused until 15:00, in 2 h",
        "2  fklcqzgjz  queued      claude  pay                      Till    begins now",
        "3  5njtsp35x  needs you   claude  a worktree that is gone  Door    Its worktree is gone. Cancel it",
      ],
    );
  });

  it("does without other columns rather than without titles in a narrow terminal", () => {
    const title = "Rewrite the cart and its tests, all of it";
    const task = waiting(paused, { id: "claude-1795279163833-2wwjaubr4", title });
    assert.deepEqual(lines([task], 80), [
      "#  ID         STATE   AGENT   WHERE  TITLE                           WAITS FOR",
      "1  2wwjaubr4  queued  claude  shop   Rewrite the cart and its test…  until 14:47",
    ]);
    assert.deepEqual(lines([task], 54), [
      "#  ID         TITLE                        WAITS FOR",
      "1  2wwjaubr4  Rewrite the cart and its t…  until 14:47",
    ]);
    assert.deepEqual(lines([task], 40), ["#  ID         TITLE", "1  2wwjaubr4  Rewrite the cart and its …"]);
  });
});

describe("all that is known of a task", () => {
  const shown = (task: Task) =>
    formatTask({ task, session: aSession({ cwd: "/home/me/shop" }), projects: [aProject()], worktrees: [] }, surface);

  it("is how it ended, what it used, its whole prompt and its result", () => {
    const task = ended("DONE", {
      usage,
      title: "Fix",
      description: "Fix\nthe tests",
      result: "All\npass",
      createdAt: nowMs - HOUR,
    });
    assert.deepEqual(shown(task), [
      "title    Fix",
      "id       run1",
      "state    done",
      "type     code",
      "agent    claude",
      "where    shop",
      "folder   /home/me/shop",
      "session  session1  Fix the cart",
      "created  11:47, 1h ago",
      "began    12:45, 1m ago",
      "ended    12:47, 0s ago",
      "took     2 min",
      "tokens   1.2k in, 340 out, $0.12",
      "",
      "prompt",
      "│ Fix",
      "│ the tests",
      "",
      "result",
      "│ All",
      "│ pass",
    ]);
  });

  it("is why it waits, and why it failed", () => {
    assert.ok(shown(waiting(paused)).includes("waits for  Claude Code is paused until 15:00, in 2 h"));
    const failed = ended("ERROR", { error: "It broke.", details: "It broke." });
    const run = { ...(failed.run as TaskRun), exitCode: 3, attempts: 2 };
    assert.deepEqual(
      shown({ ...failed, run }).filter((line) => /^(why|details|exit|begun) /.test(line)),
      ["why      It broke.", "begun    2 times", "exit     with exit code 3"],
    );
  });
});

describe("the tasks that are tried again because they failed", () => {
  it("are those of the last day, in the order in which they were made", () => {
    const tasks = [
      ended("ERROR", { id: "late", createdAt: 30 }),
      ended("ERROR", { id: "given up", createdAt: 10, endedAt: nowMs - 25 * HOUR }),
      ended("ERROR", { id: "early", createdAt: 20, endedAt: nowMs - 23 * HOUR }),
    ];
    assert.deepEqual(
      failedRecently(tasks, nowMs).map(({ id }) => id),
      ["early", "late"],
    );
  });
});
