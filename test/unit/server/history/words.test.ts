import assert from "node:assert/strict";
import { historyOf } from "../../../../src/server/history/history-of.ts";
import { toSessionFile, toSessionMetadata, toTaskRecord } from "../../../../src/server/history/session-metadata.ts";
import { noNumbers } from "../../../../src/server/history/task-numbers.ts";
import { sessionFileSchema } from "../../../../src/protocol/session-file.ts";
import { taskStateSchema } from "../../../../src/protocol/states.ts";
import { aProject, aRun, aSession, aTask } from "../../../support/entities.ts";

describe("a session's history", () => {
  const stats = { totalTasks: 5, completedTasks: 3, failedTasks: 1, cancelledTasks: 1, executionMs: 10_000 };

  it("counts a cancelled task among neither those that ended well nor badly", () => {
    assert.equal(historyOf(aSession(), aProject(), stats, 9_000).successRate, 0.75);
  });

  it("averages over all that have ended", () => {
    assert.equal(historyOf(aSession(), aProject(), stats, 9_000).avgExecutionMs, 2_000);
  });

  it("does not claim what can not be told yet", () => {
    const { successRate, avgExecutionMs } = historyOf(aSession(), aProject(), { ...noNumbers, totalTasks: 1 }, 9_000);
    assert.deepEqual([successRate, avgExecutionMs], [null, null]);
  });

  it("lasts until now, or until its session ended", () => {
    const of = (endedAt: number | null) => historyOf(aSession({ endedAt }), aProject(), stats, 9_000).durationMs;
    assert.deepEqual([of(null), of(3_000)], [8_000, 2_000]);
  });

  it("has the session's usage as the agent told it", () => {
    const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4, costUsd: null };
    assert.deepEqual(historyOf(aSession({ usage }), aProject(), stats, 9_000).usage, usage);
  });
});

describe("the session API's words", () => {
  const prompt = aTask({ kind: "prompt", sessionId: "session1" });

  it("are five for the states of a task", () => {
    const words = taskStateSchema.options.map((state) => [state, toTaskRecord({ ...prompt, state }).status]);
    assert.deepEqual(Object.fromEntries(words), {
      QUEUED: "pending",
      RUNNING: "in_progress",
      WAITING_USER: "in_progress",
      BLOCKED: "in_progress",
      IDLE: "in_progress",
      DONE: "completed",
      ERROR: "failed",
      CANCELLED: "cancelled",
    });
  });

  it("leave out what a task does not have", () => {
    assert.deepEqual(toTaskRecord(prompt), {
      id: "task1",
      sessionId: "session1",
      type: "code",
      description: "Migrate the database",
      status: "in_progress",
      createdAt: "1970-01-01T00:00:01.000Z",
      updatedAt: "1970-01-01T00:00:01.000Z",
    });
  });

  it("tell the whole prompt, the result and the plan of a run", () => {
    const run = aRun({ sessionId: "session1", description: "Line 1\nLine 2", result: "Done.", plan: "Tests first" });
    const { description, result, plan } = toTaskRecord(run);
    assert.deepEqual([description, result, plan], ["Line 1\nLine 2", "Done.", "Tests first"]);
  });

  it("tell why a prompt failed", () => {
    const failed = aTask({ kind: "prompt", sessionId: "session1", state: "ERROR", details: "API error" });
    assert.equal(toTaskRecord(failed).error, "API error");
  });

  const statusOf = (fields: Parameters<typeof aSession>[0]) =>
    toSessionMetadata(aSession(fields), aProject(), [], noNumbers).status;

  it("call a session active until it has ended, also when its turn failed", () => {
    assert.equal(statusOf({ state: "ERROR", endedAt: null }), "active");
  });

  it("call one that has ended failed or completed", () => {
    assert.equal(statusOf({ state: "ERROR", endedAt: 2_000 }), "failed");
    assert.equal(statusOf({ state: "DONE", endedAt: 2_000 }), "completed");
  });

  it("have the end of a session only once there is one", () => {
    const metadata = (endedAt: number | null) => toSessionMetadata(aSession({ endedAt }), aProject(), [], noNumbers);
    assert.equal("endTime" in metadata(null), false);
    assert.equal(metadata(2_000).endTime, "1970-01-01T00:00:02.000Z");
  });

  it("make a file that fits its schema, without the root task", () => {
    const tasks = [
      aTask({ id: "root", kind: "root", sessionId: "session1" }),
      { ...prompt, plan: "Tests first", updatedAt: 5_000 },
    ];
    const history = historyOf(aSession(), aProject(), { ...noNumbers, totalTasks: 1 }, 9_000);
    const file = sessionFileSchema.parse(toSessionFile(history, tasks));
    assert.deepEqual(
      [file.metadata.tasks.map(({ id }) => id), file.metadata.plans, file.updatedAt, file.stats],
      [
        ["task1"],
        [{ taskId: "task1", text: "Tests first" }],
        "1970-01-01T00:00:05.000Z",
        { duration: 8_000, successRate: 0, avgExecutionTime: 0 },
      ],
    );
  });
});
