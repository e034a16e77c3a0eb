import assert from "node:assert/strict";
import { TallyError } from "../../../../src/protocol/errors.ts";
import type { StepId } from "../../../../src/protocol/worktrees.ts";
import { newOperation, Operations, type PlannedStep } from "../../../../src/server/worktrees/operations.ts";
import type { WorktreeRows } from "../../../../src/server/worktrees/worktree-rows.ts";
import type { Worktree } from "../../../../src/protocol/entities.ts";
import { aWorktree } from "../../../support/entities.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined, close: () => Promise.resolve() };

/** One worktree, and what is done to it. */
function oneWorktree() {
  let row: Worktree = aWorktree({ id: "w" });
  const rows = {
    get: () => row,
    update: (_id: string, change: Partial<Worktree>) => void (row = { ...row, ...change }),
  } as unknown as WorktreeRows;
  const operations = new Operations({ rows, log, now: () => 5 });
  const outcome: { done?: true; failed?: [TallyError, StepId | null] } = {};
  const begin = async (...steps: PlannedStep[]) => {
    operations.begin({
      worktreeId: "w",
      operation: newOperation("op", "add", steps, 1),
      steps,
      env: {},
      isUndoneByCancel: true,
      done: { worktree: { status: "ready" } },
      onDone: () => void (outcome.done = true),
      onFailed: (error, step) => Promise.resolve(void (outcome.failed = [error, step])),
    });
    await Promise.resolve();
  };
  const states = () => row.operation?.steps.map(({ id, state }) => `${id} ${state}`);
  return { operations, begin, outcome, states, row: () => row };
}

const step = (id: StepId, run: PlannedStep["run"], fields: Partial<PlannedStep> = {}): PlannedStep => {
  return { id, label: id, run, ...fields };
};
const untilAborted = (signal: AbortSignal) =>
  new Promise<null>((resolve) => signal.addEventListener("abort", () => resolve(null)));

describe("an operation on a worktree", () => {
  it("tells what came of each step", async () => {
    const one = oneWorktree();
    await one.begin(
      step("ports", () => Promise.resolve("backend 8000")),
      step("copy", () => Promise.resolve(null)),
    );
    await one.operations.settled("w");
    assert.deepEqual(one.states(), ["ports done", "copy done"]);
    assert.equal(one.row().operation?.steps[0]?.detail, "backend 8000");
    assert.equal(one.row().operation?.state, "done");
    assert.equal(one.outcome.done, true);
  });

  it("stops at the step that fails, with its words", async () => {
    const one = oneWorktree();
    const failure = new TallyError("setup-failed", "It ended with exit code 1.");
    await one.begin(
      step("setup", () => Promise.reject(failure)),
      step("agent", () => Promise.resolve(null)),
    );
    await one.operations.settled("w");
    assert.deepEqual(one.states(), ["setup failed", "agent pending"]);
    assert.deepEqual(one.row().operation?.error, { code: "setup-failed", message: "It ended with exit code 1." });
    assert.deepEqual(one.outcome.failed, [failure, "setup"]);
  });

  it("is refused while another one is under way", async () => {
    const one = oneWorktree();
    await one.begin(step("setup", ({ signal }) => untilAborted(signal)));
    assert.throws(
      () => one.operations.refuseBusy(one.row()),
      (error: TallyError) => error.code === "worktree-busy",
    );
    await one.operations.cancel("w");
    one.operations.refuseBusy(one.row());
  });

  it("is cancelled, also when its step does not notice", async () => {
    const one = oneWorktree();
    await one.begin(
      step("setup", ({ signal }) => untilAborted(signal)),
      step("agent", () => Promise.resolve(null)),
    );
    await one.operations.cancel("w");
    assert.equal(one.row().operation?.state, "cancelled");
    assert.equal(one.outcome.failed?.[0].code, "cancelled");
  });

  it("is finished all the same when it is too late to cancel", async () => {
    const one = oneWorktree();
    const late = step("delete", ({ signal }) => untilAborted(signal), { isPastReturn: true });
    await one.begin(
      late,
      step("branch", () => Promise.resolve(null)),
    );
    await one.operations.cancel("w");
    assert.deepEqual(one.states(), ["delete done", "branch done"]);
    assert.equal(one.outcome.done, true);
  });

  it("is left to be repaired when the gateway stops", async () => {
    const one = oneWorktree();
    await one.begin(
      step("setup", async ({ signal }) => untilAborted(signal)),
      step("agent", () => Promise.resolve(null)),
    );
    await one.operations.stop();
    assert.equal(one.row().operation?.state, "interrupted");
    assert.equal(one.row().status, "broken");
    assert.deepEqual(one.outcome, {});
  });
});
