import assert from "node:assert/strict";
import { verdict } from "../../../../src/server/worktrees/prune.ts";

const merged = {
  isMissing: false,
  isBusy: false,
  isLocked: false,
  hasLiveSessions: false,
  mergedInto: "main",
  hasOwnCommits: true,
  risk: { uncommitted: [], untracked: [], unpushed: [], inside: [], underWay: null },
};

describe("a worktree that is offered to be swept", () => {
  it("is safe when its work is merged and nothing else is in it", () => {
    assert.deepEqual(verdict(merged), { isSafe: true, why: "Its branch is merged into main." });
  });

  it("is safe when its folder is gone", () => {
    assert.equal(verdict({ ...merged, mergedInto: null, isMissing: true }).isSafe, true);
  });

  const others: [what: string, facts: Partial<Parameters<typeof verdict>[0]>][] = [
    ["a session runs in it", { hasLiveSessions: true }],
    ["it is locked", { isLocked: true }],
    ["something is being done to it", { isBusy: true }],
    ["its branch is not merged", { mergedInto: null }],
    ["a change is not committed", { risk: { ...merged.risk, uncommitted: ["a"] } }],
    ["a file is untracked", { risk: { ...merged.risk, untracked: ["a"] } }],
    ["it was only just begun", { hasOwnCommits: false }],
  ];
  for (const [what, facts] of others) {
    it(`is not when ${what}`, () => assert.equal(verdict({ ...merged, ...facts }).isSafe, false));
  }
});
