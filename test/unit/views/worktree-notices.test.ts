import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { applyChange, emptyModel, type Model } from "../../../src/protocol/model.ts";
import type { Worktree } from "../../../src/protocol/entities.ts";
import type { Change, NotificationPlace } from "../../../src/protocol/events.ts";
import type { HelperProcess } from "../../../src/protocol/worktrees.ts";
import { type WorktreeNotice, WorktreeNotices } from "../../../src/views/worktree-notices.ts";
import { anOperation, aProcess, aWorktree } from "../../support/entities.ts";

const failed = aProcess({ state: "ERROR", exitCode: 1, reason: "It ended with exit code 1." });

describe("a notification that a process failed", () => {
  it("says which one, and how it ended", () => {
    const rig = aRig(aWorktree(), aProcess());
    rig.process(failed);
    assert.deepEqual(rig.told, [
      { kind: "process", id: "process-1", text: "Process backend of feature-payment ended with exit code 1." },
    ]);
  });

  it("comes once for a failure, and again for the next one", () => {
    const rig = aRig(aWorktree(), aProcess());
    rig.process(failed);
    rig.process({ ...failed, updatedAt: 9 });
    assert.equal(rig.told.length, 1);
    rig.process(aProcess({ state: "STARTING" }));
    rig.process(failed);
    assert.equal(rig.told.length, 2);
  });

  it("does not come for one that had failed when the window opened", () => {
    const rig = aRig(aWorktree(), failed);
    rig.process({ ...failed, updatedAt: 9 });
    assert.deepEqual(rig.told, []);
  });

  it("does not come for a setup command, whose failure is that of the worktree", () => {
    const rig = aRig(aWorktree(), aProcess({ kind: "setup" }));
    rig.process({ ...failed, kind: "setup" });
    assert.deepEqual(rig.told, []);
  });

  it("does not come in a window that the person did not use last, nor where they want none", () => {
    for (const place of [
      { isForemost: false },
      { notifications: "off" as const },
      { notifications: "desktop" as const },
    ]) {
      const rig = aRig(aWorktree(), aProcess());
      Object.assign(rig.place, place);
      rig.process(failed);
      assert.deepEqual(rig.told, []);
    }
  });
});

describe("a notification that a worktree is broken", () => {
  const broken = aWorktree({ status: "broken", operation: anOperation({ state: "interrupted" }) });

  it("says what happened, once", () => {
    const rig = aRig(aWorktree({ status: "adding", operation: anOperation() }));
    rig.worktree(broken);
    rig.worktree({ ...broken, updatedAt: 9 });
    assert.deepEqual(rig.told, [
      { kind: "worktree", id: "worktree1", text: "Adding feature-payment was cut off half way." },
    ]);
  });

  it("does not come in the window that has begun it, which tells it anyway", () => {
    const rig = aRig(aWorktree({ status: "adding", operation: anOperation() }));
    rig.own.add("op1");
    rig.worktree(broken);
    assert.deepEqual(rig.told, []);
  });
});

interface Rig {
  readonly told: readonly WorktreeNotice[];
  readonly place: { isForemost: boolean; notifications: NotificationPlace };
  readonly own: Set<string>;
  process(process: HelperProcess): void;
  worktree(worktree: Worktree): void;
}

function aRig(worktree: Worktree, ...processes: readonly HelperProcess[]): Rig {
  const told: WorktreeNotice[] = [];
  const place: Rig["place"] = { isForemost: true, notifications: "both" };
  const own = new Set<string>();
  const notices = new WorktreeNotices({
    tell: (each) => told.push(each),
    place: () => place,
    isOwn: (id) => own.has(id),
  });
  let model: Model = emptyModel;
  const put = (change: Change) => (model = applyChange(model, model.seq + 1, change));
  put({ type: "worktree.changed", worktree });
  for (const process of processes) put({ type: "process.changed", process });
  notices.update(model);
  return {
    told,
    place,
    own,
    process: (process) => notices.update(put({ type: "process.changed", process })),
    worktree: (changed) => notices.update(put({ type: "worktree.changed", worktree: changed })),
  };
}
