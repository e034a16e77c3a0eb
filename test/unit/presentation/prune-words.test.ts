import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { PruneCandidate } from "../../../src/protocol/worktree-routes.ts";
import { bySafety, candidateWords, sizeWords } from "../../../src/presentation/prune-words.ts";
import { aWorktree } from "../../support/entities.ts";

const DAY_MS = 24 * 60 * 60_000;

describe("the size of a worktree", () => {
  for (const [bytes, words] of [
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.0 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [1_234_000_000, "1.2 GB"],
    [5_000_000_000_000_000, "5000 TB"],
  ] as const) {
    it(`reads ${words} for ${bytes}`, () => assert.equal(sizeWords(bytes), words));
  }
});

describe("a worktree that could be swept", () => {
  it("says what it costs, how old it is, and whether its work is merged", () => {
    assert.equal(candidateWords(aCandidate(), 3 * DAY_MS), "1.5 MB · 3d · merged");
    const inUse = aCandidate({ isMerged: false, hasLiveSessions: true });
    assert.equal(candidateWords(inUse, DAY_MS), "1.5 MB · 1d · not merged · in use");
    assert.equal(candidateWords(aCandidate({ isMissing: true }), DAY_MS), "folder gone · 1d · merged");
  });

  it("comes first where nothing is lost, and of those the largest", () => {
    const candidates = [
      aCandidate({ sizeBytes: 9, isSafe: false }),
      aCandidate({ sizeBytes: 1 }),
      aCandidate({ sizeBytes: 5 }),
    ];
    assert.deepEqual(
      candidates.sort(bySafety).map(({ sizeBytes }) => sizeBytes),
      [5, 1, 9],
    );
  });
});

function aCandidate(fields: Partial<PruneCandidate> = {}): PruneCandidate {
  return {
    worktree: aWorktree(),
    sizeBytes: 1_500_000,
    changedAt: 0,
    isMerged: true,
    hasLiveSessions: false,
    isMissing: false,
    isSafe: true,
    why: "It is merged into main.",
    ...fields,
  };
}
