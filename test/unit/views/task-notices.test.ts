import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { applyChange, emptyModel, type Model } from "../../../src/protocol/model.ts";
import type { Task } from "../../../src/protocol/entities.ts";
import type { NotificationPlace } from "../../../src/protocol/events.ts";
import type { TaskRun } from "../../../src/protocol/tasks.ts";
import { type TaskNotice, TaskNotices } from "../../../src/views/task-notices.ts";
import { aRun, aTask } from "../../support/entities.ts";

const begun = { ...aRun().run, via: "headless", attempts: 1 } as TaskRun;
const failed = aRun({ state: "ERROR", error: "The tests hang.", endedAt: 9, position: null, run: begun });

describe("a notification of a task", () => {
  it("says that it failed, and why", () => {
    const rig = aRig(aRun());
    rig.task(failed);
    assert.deepEqual(rig.told, [
      { taskId: "run1", text: 'Task "Fix the tests" failed: The tests hang.', hasOutput: true },
    ]);
  });

  it("offers no output of one that never began", () => {
    const rig = aRig(aRun());
    rig.task({ ...failed, run: aRun().run });
    assert.deepEqual(
      rig.told.map(({ hasOutput }) => hasOutput),
      [false],
    );
  });

  it("says that it waits for the person", () => {
    const rig = aRig(aRun());
    rig.task(aRun({ run: { ...begun, waitsFor: { kind: "person", text: "Sign in again.", until: null } } }));
    assert.deepEqual(
      rig.told.map(({ text }) => text),
      ['Task "Fix the tests" needs you: Sign in again.'],
    );
  });

  it("comes once for a failure, and again for the next one", () => {
    const rig = aRig(aRun());
    rig.task(failed);
    rig.task({ ...failed, updatedAt: 99 });
    assert.equal(rig.told.length, 1);
    rig.task(aRun());
    rig.task(failed);
    assert.equal(rig.told.length, 2);
  });

  it("does not come for one that is done or was cancelled", () => {
    const rig = aRig(aRun());
    rig.task(aRun({ state: "DONE", endedAt: 9 }));
    rig.task(aRun({ id: "other", state: "CANCELLED", endedAt: 9 }));
    assert.deepEqual(rig.told, []);
  });

  it("does not come for a prompt, whose session tells of itself", () => {
    const rig = aRig();
    rig.task(aTask({ kind: "prompt", state: "ERROR", endedAt: 9 }));
    assert.deepEqual(rig.told, []);
  });

  it("does not come for one that had failed when the window opened", () => {
    const rig = aRig(failed);
    rig.task({ ...failed, updatedAt: 99 });
    assert.deepEqual(rig.told, []);
  });

  it("does not come in a window that the person did not use last, nor where they want none", () => {
    for (const place of [
      { isForemost: false },
      { notifications: "off" as const },
      { notifications: "desktop" as const },
    ]) {
      const rig = aRig(aRun());
      Object.assign(rig.place, place);
      rig.task(failed);
      assert.deepEqual(rig.told, []);
    }
  });
});

function aRig(...tasks: readonly Task[]) {
  const told: TaskNotice[] = [];
  const place = { isForemost: true, notifications: "both" as NotificationPlace };
  const notices = new TaskNotices({ tell: (notice) => told.push(notice), place: () => place });
  let model: Model = { ...emptyModel, storeId: "store", tasks: new Map(tasks.map((task) => [task.id, task])) };
  notices.update(model);
  const task = (changed: Task) => {
    model = applyChange(model, model.seq + 1, { type: "task.changed", task: changed });
    notices.update(model);
  };
  return { told, place, task };
}
