import assert from "node:assert/strict";
import { timeoutMsOf } from "../../../src/client/http.ts";

describe("how long an answer is waited for", () => {
  it("is longer where files are counted or processes end than where something is only read", () => {
    for (const name of [
      "pruneCandidates",
      "worktreeRisk",
      "removeWorktree",
      "resumeWorktree",
      "stopProcess",
    ] as const) {
      assert.ok(timeoutMsOf(name) > timeoutMsOf("snapshot"), name);
    }
  });
});
