import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Standing } from "../../../src/protocol/worktrees.ts";
import {
  brokenWords,
  driftWords,
  worktreeDescription,
  worktreeLabel,
} from "../../../src/presentation/worktree-words.ts";
import { anOperation, aWorktree } from "../../support/entities.ts";

const nobody = { waiting: 0 };

describe("what stands behind a worktree", () => {
  it("is nothing when it is as its base and has no ports", () => {
    assert.equal(worktreeDescription(aWorktree({ standing: aStanding() }), nobody), "");
  });

  it("is how far it is from its base, what is not committed, and its ports", () => {
    const ports = [
      { name: "backend", port: 8000 },
      { name: "frontend", port: 5000 },
    ];
    const worktree = aWorktree({ standing: aStanding({ ahead: 2, behind: 1, dirty: 3 }), ports });
    assert.equal(worktreeDescription(worktree, nobody), "↑2 ↓1 · 3 changes · :8000 :5000");
  });

  it("names the branch where that is not the worktree's name", () => {
    const worktree = aWorktree({ standing: aStanding({ branch: "spike", ahead: 1 }) });
    assert.equal(worktreeDescription(worktree, nobody), "spike ↑1");
  });

  it("is the commit where no branch is checked out", () => {
    const worktree = aWorktree({ standing: aStanding({ branch: null, head: "0123456789abcdef" }) });
    assert.equal(worktreeDescription(worktree, nobody), "01234567");
  });

  it("says first that somebody in it waits: its rows may be folded", () => {
    const worktree = aWorktree({ standing: aStanding({ dirty: 1 }) });
    assert.equal(worktreeDescription(worktree, { waiting: 1 }), "1 waiting · 1 change");
  });

  it("is the step that is under way", () => {
    const operation = anOperation({
      steps: [
        { id: "checkout", label: "Check out", state: "done", detail: null, processId: null },
        { id: "copy", label: "Copy", state: "running", detail: "1,204 of 20,000 files", processId: null },
      ],
    });
    const worktree = aWorktree({ status: "adding", operation });
    assert.equal(worktreeDescription(worktree, nobody), "Copying ignored files, 1,204 of 20,000 files");
  });

  it("is what failed where it is broken", () => {
    const failed = aWorktree({ status: "broken", operation: anOperation({ kind: "remove", state: "failed" }) });
    assert.equal(worktreeDescription(failed, nobody), "broken: removing failed");
    const cut = aWorktree({ status: "broken", operation: anOperation({ state: "interrupted" }) });
    assert.equal(worktreeDescription(cut, nobody), "broken: adding was cut off");
  });
});

describe("what a screen reader says of a worktree", () => {
  it("is in words what the row shows in signs", () => {
    const standing = aStanding({ branch: "spike", ahead: 2, behind: 1, dirty: 1 });
    const worktree = aWorktree({ standing, ports: [{ name: "backend", port: 8000 }] });
    assert.equal(
      worktreeLabel(worktree, nobody),
      "Worktree feature-payment, on branch spike, 2 ahead of and 1 behind main, 1 change, backend on port 8000",
    );
  });
});

describe("how far a branch is from its base", () => {
  it("is not told where nothing is known to compare it with", () => {
    assert.equal(driftWords(aStanding({ against: null, ahead: 2 })), "");
    assert.equal(driftWords(null), "");
  });
});

describe("what happened to a broken worktree", () => {
  it("is why it failed", () => {
    const error = { code: "setup-failed", message: "npm ci: It ended with exit code 1." };
    const worktree = aWorktree({ status: "broken", operation: anOperation({ state: "failed", error }) });
    assert.equal(brokenWords(worktree), "Adding feature-payment failed: npm ci: It ended with exit code 1.");
  });

  it("is nothing where all is well", () => {
    assert.equal(brokenWords(aWorktree({ operation: anOperation({ state: "done" }) })), null);
  });
});

function aStanding(fields: Partial<Standing> = {}): Standing {
  return {
    branch: "feature-payment",
    head: null,
    against: "main",
    ahead: 0,
    behind: 0,
    dirty: 0,
    at: 1_000,
    ...fields,
  };
}
