import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Task } from "../../../../src/protocol/entities.ts";
import {
  behindOthers,
  countQueue,
  countTasks,
  taskLists,
  type TaskView,
} from "../../../../src/webview/sections/tasks/task-lists.ts";
import { aRun, aTask } from "../../../support/entities.ts";

const first = aRun({ id: "first", position: 1 });
const second = aRun({ id: "second", position: 2 });
const running = aRun({ id: "running", state: "RUNNING", position: null, startedAt: 5_000 });
const foreign = aTask({ id: "foreign", createdAt: 2_000 });
const failed = aRun({ id: "failed", state: "ERROR", position: null, endedAt: 8_000 });
const done = aRun({ id: "done", state: "DONE", position: null, endedAt: 9_000 });
const cancelled = aRun({ id: "cancelled", state: "CANCELLED", position: null, endedAt: 7_000 });
const prompt = aTask({ id: "prompt", kind: "prompt", state: "DONE", endedAt: 9_500 });
const root = aTask({ id: "root", kind: "root" });
const all = [second, first, foreign, running, cancelled, failed, done, prompt, root];

function ids(tasks: readonly Task[], view: TaskView) {
  const { underWay, waiting, past } = taskLists(tasks, view);
  return [underWay, waiting, past].map((list) => list.map(({ id }) => id));
}

describe("the lists of tasks", () => {
  for (const [view, lists] of [
    [
      "all",
      [
        ["running", "foreign"],
        ["first", "second"],
        ["done", "failed", "cancelled"],
      ],
    ],
    ["queue", [["running", "foreign"], ["first", "second"], []]],
    ["failed", [[], [], ["failed"]]],
    ["done", [[], [], ["done"]]],
    ["prompts", [[], [], ["prompt"]]],
  ] as const) {
    it(`are those of "${view}", each in its order`, () => assert.deepEqual(ids(all, view), lists));
  }

  it("have a task that was stopped by a limit in its place of the queue", () => {
    const blocked = aRun({ id: "blocked", state: "BLOCKED", position: 1.5 });
    assert.deepEqual(ids([second, blocked, first], "queue")[1], ["first", "blocked", "second"]);
  });

  it("are counted by view", () => {
    assert.deepEqual(countTasks(all), { all: 7, queue: 4, failed: 1, done: 1, prompts: 1 });
  });
});

describe("the queue", () => {
  it("is counted without foreign tasks, prompts and what is over", () => {
    assert.deepEqual(countQueue(all), { running: 1, waiting: 2 });
  });
});

describe("a task behind another one", () => {
  const behind = (...tasks: Task[]) => [...behindOthers(taskLists(tasks, "all"))];

  it("waits for one that runs in the same worktree", () => {
    const [one, other] = [
      { ...running, worktreeId: "w1" },
      { ...first, worktreeId: "w1" },
    ];
    assert.deepEqual(behind(one, other), ["first"]);
  });

  it("waits for one before it in the queue", () => assert.deepEqual(behind(first, second), ["second"]));

  it("does not wait for one elsewhere, or for a foreign one", () => {
    assert.deepEqual(behind({ ...running, worktreeId: "w1" }, foreign, first), []);
  });
});
