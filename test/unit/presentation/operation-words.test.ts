import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Step } from "../../../src/protocol/worktrees.ts";
import { doneWords, failedWords, progressPercent, progressWords } from "../../../src/presentation/operation-words.ts";
import { anOperation, aWorktree } from "../../support/entities.ts";

const step = (id: Step["id"], state: Step["state"], detail: string | null = null): Step => ({
  id,
  label: id,
  state,
  detail,
  processId: null,
});

describe("what a notification says of an operation", () => {
  const operation = anOperation({
    steps: [
      step("checkout", "done"),
      step("link", "skipped"),
      step("setup", "running", "npm ci"),
      step("agent", "pending"),
    ],
  });

  it("is which of its steps it is at, and what that does", () => {
    assert.equal(progressWords(operation), "3 of 4: Setting up, npm ci");
  });

  it("is how much of it is over", () => {
    assert.equal(progressPercent(operation), 50);
  });

  it("is what it is about to do before its first step", () => {
    assert.equal(progressWords(anOperation({ kind: "remove" })), "Removing it");
  });
});

describe("what is said at the end of an operation", () => {
  it("is what there is now, with its ports", () => {
    const ports = [
      { name: "backend", port: 8000 },
      { name: "frontend", port: 5000 },
    ];
    assert.equal(
      doneWords("add", aWorktree({ ports })),
      "Added feature-payment. backend has port 8000, frontend has port 5000.",
    );
    assert.equal(doneWords("remove", aWorktree({ ports })), "Removed feature-payment.");
  });

  it("is why it failed, or that it was cancelled", () => {
    const error = { code: "setup-failed", message: "npm ci failed." };
    assert.equal(failedWords(anOperation({ state: "failed", error }), "x"), "Adding x failed: npm ci failed.");
    assert.equal(failedWords(anOperation({ state: "cancelled", kind: "restore" }), "x"), "Restoring x was cancelled.");
  });
});
