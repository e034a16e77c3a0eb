import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  isProcessLive,
  processDescription,
  processFailure,
  processLabel,
} from "../../../src/presentation/process-words.ts";
import { aProcess } from "../../support/entities.ts";

describe("what stands behind a process", () => {
  it("is its port once it listens, and its state", () => {
    assert.equal(processDescription(aProcess()), ":8000 · running");
    assert.equal(processDescription(aProcess({ state: "STARTING", isListening: false })), "starting");
  });

  it("is how it ended", () => {
    const ended = { isListening: false, endedAt: 9, pid: null };
    assert.equal(processDescription(aProcess({ ...ended, state: "ERROR", exitCode: 1 })), "failed (exit code 1)");
    assert.equal(processDescription(aProcess({ ...ended, state: "ERROR", exitSignal: "SIGKILL" })), "failed (SIGKILL)");
    assert.equal(processDescription(aProcess({ ...ended, state: "STOPPED" })), "stopped");
  });
});

describe("what a screen reader says of a process", () => {
  it("is what it is, its state and its port", () => {
    assert.equal(processLabel(aProcess()), "Process backend, running, on port 8000");
    const setup = aProcess({ kind: "setup", command: "npm ci", port: null, isListening: null });
    assert.equal(processLabel(setup), "setup: npm ci, running");
  });
});

describe("what is said of a process that failed", () => {
  it("is how it ended, and of one that never began why", () => {
    const failed = aProcess({ state: "ERROR", reason: "Its folder is gone." });
    assert.equal(processFailure(failed, "x"), "Process backend of x failed: Its folder is gone.");
    assert.equal(
      processFailure({ ...failed, exitSignal: "SIGSEGV" }, "x"),
      "Process backend of x was ended by SIGSEGV.",
    );
  });
});

describe("whether a process runs", () => {
  it("is so also when it does not listen as it should", () => {
    assert.equal(isProcessLive(aProcess({ state: "ERROR", isListening: false })), true);
    assert.equal(isProcessLive(aProcess({ state: "ERROR", pid: null, endedAt: 9 })), false);
  });
});
