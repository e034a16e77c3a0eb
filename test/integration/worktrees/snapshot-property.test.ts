import assert from "node:assert/strict";
import * as fc from "fast-check";
import { SEED } from "../../support/fuzz/seed.ts";
import { aCheckout, gitViewOf, keep, restore, sweep, treeOf } from "./kept-worktree.ts";
import { perform, type Step, steps } from "./random-worktree.ts";

/** More of them by hand: TALLY_SNAPSHOT_RUNS=1000 */
const numRuns = Number(process.env["TALLY_SNAPSHOT_RUNS"] ?? 25);

/** On a busy machine there are fewer runs rather than a longer wait. */
const MAX_MS_A_RUN = 2_400;

describe("a worktree that was removed and restored", () => {
  it("is as it was, whatever was done in it", async function () {
    this.timeout(numRuns * 10_000);
    await fc.assert(fc.asyncProperty(steps, comesBack), {
      seed: SEED,
      numRuns,
      interruptAfterTimeLimit: numRuns * MAX_MS_A_RUN,
      endOnFailure: numRuns < 100,
    });
  });
});

async function comesBack(done: readonly Step[]): Promise<void> {
  const worktree = await aCheckout();
  try {
    for (const [count, step] of done.entries()) await perform(worktree, step, count);
    const before = { tree: await treeOf(worktree.path), git: await gitViewOf(worktree) };
    const outside = await treeOf(worktree.outside);

    await keep(worktree);
    await sweep(worktree);
    await restore(worktree);

    assert.deepEqual(await treeOf(worktree.path), before.tree);
    assert.deepEqual(await gitViewOf(worktree), before.git);
    assert.deepEqual(await treeOf(worktree.outside), outside);
  } finally {
    await worktree.dispose();
  }
}
