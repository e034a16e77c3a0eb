import assert from "node:assert/strict";
import {
  type BranchFacts,
  branchFate,
  isNothing,
  whatWouldBeLost,
} from "../../../../src/server/worktrees/branch-fate.ts";

const noRisk = { uncommitted: [], untracked: [], unpushed: [], inside: [], underWay: null };
const facts: BranchFacts = {
  branch: "cart",
  isOurs: true,
  head: "b",
  start: "a",
  mergedInto: null,
  keepBranch: false,
  force: false,
  risk: { ...noRisk, unpushed: ["b Second"] },
};
const fate = (given: Partial<BranchFacts>) => branchFate({ ...facts, ...given });

describe("the branch of a worktree that is removed", () => {
  it("goes when it is merged, and says into what", () => {
    assert.deepEqual(fate({ mergedInto: "main" }), { name: "cart", isDeleted: true, why: "It is merged into main." });
  });

  it("goes when nothing was committed on it", () => {
    assert.equal(fate({ head: "a" }).isDeleted, true);
  });

  it("goes by force, because the snapshot has its commits", () => {
    assert.equal(fate({ force: true }).isDeleted, true);
  });

  it("stays when the person wants it, when they had it before, and when it is pushed and not merged", () => {
    assert.equal(fate({ keepBranch: true, force: true }).isDeleted, false);
    assert.equal(fate({ isOurs: false, force: true }).isDeleted, false);
    assert.equal(fate({ risk: noRisk }).why, "It is pushed, and not merged.");
  });

  it("stays when HEAD is on none, or the folder is gone", () => {
    assert.equal(fate({ branch: null, force: true }).isDeleted, false);
    assert.equal(fate({ head: null, force: true }).isDeleted, false);
  });
});

describe("what a removal would lose", () => {
  it("are commits only where their branch goes, and nothing else has them", () => {
    assert.deepEqual(whatWouldBeLost(facts).unpushed, ["b Second"]);
    assert.deepEqual(whatWouldBeLost({ ...facts, keepBranch: true }).unpushed, []);
    assert.deepEqual(whatWouldBeLost({ ...facts, isOurs: false }).unpushed, []);
    assert.deepEqual(whatWouldBeLost({ ...facts, mergedInto: "main" }).unpushed, []);
    assert.deepEqual(whatWouldBeLost({ ...facts, branch: null, keepBranch: true }).unpushed, ["b Second"]);
  });

  it("is something as soon as one thing is", () => {
    assert.ok(isNothing(noRisk));
    assert.ok(!isNothing({ ...noRisk, inside: [], underWay: "a rebase" }));
    assert.ok(!isNothing({ ...noRisk, untracked: ["x"] }));
  });
});
