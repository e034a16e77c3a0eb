import assert from "node:assert/strict";
import { removedWords } from "../../../../src/cli/commands/remove.ts";
import { plain } from "../../../../src/cli/screen/style.ts";
import { lastLines } from "../../../../src/cli/worktree/failed-operation.ts";
import { formatRisk } from "../../../../src/cli/worktree/risk-text.ts";
import {
  branchBesideName,
  brokenWords,
  distanceWords,
  placeFacts,
  sizeWords,
  underWayWords,
} from "../../../../src/cli/worktree/worktree-words.ts";
import { anOperation, aWorktree } from "../../../support/entities.ts";

const standing = { branch: "a", head: "1", against: "origin/a", ahead: 0, behind: 0, dirty: 0, at: 1 };

describe("the words for a worktree", () => {
  it("say how far its branch is ahead and behind, and nothing when it is even", () => {
    assert.deepEqual(
      [
        distanceWords({ ahead: 2, behind: 1 }),
        distanceWords({ ahead: 0, behind: 3 }),
        distanceWords({ ahead: 0, behind: 0 }),
      ],
      ["↑2 ↓1", "↓3", ""],
    );
  });

  it("name its branch where that is another", () => {
    assert.equal(branchBesideName({ name: "a", branch: "a" }), null);
    assert.equal(branchBesideName({ name: "a", branch: "b" }), "b");
    assert.equal(branchBesideName({ name: "a", branch: null }), "detached");
  });

  it("say where it is, what its branch is counted against, and its ports as addresses", () => {
    const ports = [{ name: "backend", port: 8001 }];
    const facts = (fields: Parameters<typeof aWorktree>[0]) =>
      placeFacts(aWorktree({ path: "/w", branch: "a", ...fields })).map(({ name, value }) => `${name} ${value ?? ""}`);
    assert.deepEqual(facts({ ports }), ["folder /w", "branch a, from main", "backend http://localhost:8001"]);
    assert.deepEqual(facts({ standing: { ...standing, ahead: 2 } }), ["folder /w", "branch a, ↑2 of origin/a"]);
  });

  it("say of a branch that was there whose it is, not what new ones begin from", () => {
    const facts = (detail: string, fields: Parameters<typeof aWorktree>[0] = {}) => {
      const steps = [{ id: "checkout" as const, label: "Check out", state: "done" as const, detail, processId: null }];
      return placeFacts(aWorktree({ branch: "v1.2", operation: anOperation({ steps }), ...fields }))[1]?.value;
    };
    assert.equal(facts("Branch v1.2, which follows origin/v1.2."), "v1.2, which follows origin/v1.2");
    assert.equal(facts("Branch v1.2, which was there already. A hook failed."), "v1.2, which was there already");
    assert.equal(
      facts("Branch v1.2, which was there already.", { standing: { ...standing, ahead: 2 } }),
      "v1.2, ↑2 of origin/a",
    );
  });

  it("show ids of commits as git does", () => {
    const base = "9067b17a0bd306c947c5df649faecf601dac5459";
    const [, branch] = placeFacts(aWorktree({ branch: "det", base }));
    assert.equal(branch?.value, "det, from 9067b17a0b");
  });

  it("say what is being done to it, or that it is being undone", () => {
    const words = (fields: Parameters<typeof aWorktree>[0]) => underWayWords(aWorktree(fields));
    const operation = anOperation({ state: "running" });
    assert.deepEqual(
      [
        words({ status: "adding", operation }),
        words({ status: "removing", operation }),
        words({ status: "adding", operation: anOperation({ state: "cancelled" }) }),
        words({ status: "ready" }),
        words({ status: "broken" }),
      ],
      ["is being made", "is being removed", "is being undone", null, null],
    );
  });

  it("say at which step what was done to it failed, or that it was cut off", () => {
    const step = { id: "setup" as const, label: "Set up", state: "failed" as const, detail: null, processId: null };
    assert.equal(
      brokenWords({ operation: anOperation({ state: "failed", steps: [step] }) }),
      "making it failed at: Set up",
    );
    assert.equal(brokenWords({ operation: null }), "what was done to it failed");
    assert.equal(
      brokenWords({ operation: anOperation({ kind: "remove", state: "interrupted" }) }),
      "removing it was interrupted",
    );
  });
});

describe("a size in words", () => {
  it("has two or three figures", () => {
    assert.deepEqual([0, 512, 999, 1_000, 1_234, 45_600_000, 999_600_000, 2_500_000_000_000].map(sizeWords), [
      "0 B",
      "512 B",
      "999 B",
      "1.0 kB",
      "1.2 kB",
      "46 MB",
      "1.0 GB",
      "2.5 TB",
    ]);
  });
});

describe("the work that a removal would lose", () => {
  const none = { uncommitted: [], untracked: [], unpushed: [], inside: [], underWay: null };
  const files = (count: number) => Array.from({ length: count }, (_, index) => `file${index + 1}`);

  it("is listed kind by kind", () => {
    const risk = {
      ...none,
      uncommitted: ["a.ts"],
      unpushed: ["abc1234 Pay", "def5678 Try"],
      inside: [],
      underWay: "a rebase",
    };
    assert.deepEqual(formatRisk(risk, { style: plain, width: null }), [
      "In the middle of a rebase",
      "Not committed: 1 file",
      "  │ a.ts",
      "On no remote and no other branch: 2 commits",
      "  │ abc1234 Pay",
      "  │ def5678 Try",
    ]);
  });

  it("is cut where it is long, and says how much more there is", () => {
    const lines = formatRisk({ ...none, untracked: files(20) }, { style: plain, width: null });
    assert.deepEqual([lines[0], lines.length, lines.at(-1)], ["Not tracked: 20 files", 10, "  │ and 12 more"]);
  });

  it("is not cut to leave one out", () => {
    const lines = formatRisk({ ...none, untracked: files(9) }, { style: plain, width: null });
    assert.equal(lines.at(-1), "  │ file9");
  });
});

describe("a removal in words", () => {
  it("says what became of the branch and why, and how the worktree comes back", () => {
    const why = "It is merged into main.";
    assert.equal(
      removedWords("pay", { branch: { name: "pay", isDeleted: true, why } }),
      "Removed pay and branch pay. It is merged into main. Bring it back with: tally restore pay",
    );
    assert.equal(
      removedWords("a/b", { branch: { name: "a/b", isDeleted: false, why: "It is not merged." } }),
      "Removed a/b, and kept branch a/b. It is not merged. Bring it back with: tally restore a/b",
    );
    assert.match(
      removedWords("pay", { branch: { name: null, isDeleted: false, why: "It had none." } }),
      /^Removed pay\. It/,
    );
  });
});

describe("the last lines of an output", () => {
  it("are those before the blank ones at its end", () => {
    assert.deepEqual(lastLines("a\r\nb\nc\n\n  \n", 2), ["b", "c"]);
    assert.deepEqual(lastLines("\n \n", 2), []);
  });
});
