import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { applyChange, emptyModel, type Model } from "../../../src/protocol/model.ts";
import type { Worktree } from "../../../src/protocol/entities.ts";
import type { Change } from "../../../src/protocol/events.ts";
import type { Operation } from "../../../src/protocol/worktrees.ts";
import { type FollowedOperation, OperationWatch, type Outcome } from "../../../src/views/operation-watch.ts";
import { anOperation, aWorktree } from "../../support/entities.ts";

describe("an operation that this window has begun", () => {
  it("is over once it has ended and the worktree is what it is to be", async () => {
    const rig = aRig();
    rig.tell(during("running"));
    rig.tell(during("done"));
    assert.equal(await rig.isOver(), false);
    rig.tell(during("done", { status: "ready" }));
    assert.deepEqual(await outcomeOf(rig), { status: "ready", state: "done", isGone: false });
  });

  it("is over when it failed, once what was made is undone", async () => {
    const rig = aRig();
    rig.tell(during("failed"));
    assert.equal(await rig.isOver(), false);
    rig.removed();
    assert.deepEqual(await outcomeOf(rig), { status: "adding", state: "failed", isGone: true });
  });

  it("is over when it left the worktree half made", async () => {
    const rig = aRig();
    rig.tell(during("failed", { status: "broken" }));
    assert.deepEqual(await outcomeOf(rig), { status: "broken", state: "failed", isGone: false });
  });

  it("is followed although all of it came at once, before the gateway's answer", async () => {
    const rig = aRig();
    rig.tell(during("failed"), { type: "worktree.removed", id: "worktree1" });
    assert.deepEqual(await outcomeOf(rig), { status: "adding", state: "failed", isGone: true });
  });

  it("is over when its worktree is gone after the way to the gateway was lost", async () => {
    const rig = aRig();
    rig.followed.answered(during("running", { status: "removing" }));
    rig.watch.update(emptyModel, null);
    assert.deepEqual(await outcomeOf(rig), { status: "removing", state: "running", isGone: true });
  });

  it("tells each step, and the one that it is at to who asks late", () => {
    const rig = aRig();
    rig.tell(during("running"));
    const steps: string[] = [];
    rig.followed.onStep(({ operation }) => steps.push(operation?.state ?? ""));
    rig.tell(during("done", { status: "ready" }));
    assert.deepEqual(steps, ["running", "done"]);
  });

  it("is not mistaken for what somebody else does to another worktree", async () => {
    const rig = aRig();
    const operation = anOperation({ id: "other", state: "done" });
    rig.tell(aWorktree({ id: "elsewhere", operation }));
    assert.equal(await rig.isOver(), false);
  });

  it("is known as this window's own, also after it", () => {
    const rig = aRig();
    rig.tell(during("done", { status: "ready" }));
    assert.equal(rig.watch.isOwn("op1"), true);
    assert.equal(rig.watch.isOwn("other"), false);
  });
});

function during(state: Operation["state"], fields: Partial<Worktree> = {}): Worktree {
  return aWorktree({ status: "adding", operation: anOperation({ state }), ...fields });
}

interface Rig {
  readonly watch: OperationWatch;
  readonly followed: FollowedOperation;
  tell(...told: readonly (Worktree | Change)[]): void;
  removed(): void;
  isOver(): Promise<boolean>;
}

function aRig(): Rig {
  const watch = new OperationWatch();
  const followed = watch.follow("op1");
  let model: Model = emptyModel;
  let isOver = false;
  void followed.outcome.then(() => (isOver = true));
  const tell = (...told: readonly (Worktree | Change)[]) => {
    const changes = told.map((each): Change => ("type" in each ? each : { type: "worktree.changed", worktree: each }));
    model = changes.reduce((before, change) => applyChange(before, before.seq + 1, change), model);
    watch.update(model, changes);
  };
  return {
    watch,
    followed,
    tell,
    removed: () => tell({ type: "worktree.removed", id: "worktree1" }),
    isOver: async () => {
      await Promise.resolve();
      return isOver;
    },
  };
}

async function outcomeOf({ followed }: Rig): Promise<unknown> {
  const { worktree, isGone }: Outcome = await followed.outcome;
  return { status: worktree.status, state: worktree.operation?.state, isGone };
}
