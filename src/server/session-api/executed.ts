import type { Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Executed } from "../../protocol/session-api.ts";
import type { SessionMetadata } from "../../protocol/session-file.ts";

/** What came of a task, in the words of the session API. @throws {TallyError} `cancelled` when it has not ended */
export function toExecuted(task: Task, metadata: SessionMetadata): Executed {
  const { id: taskId, result, error, usage } = task;
  return { sessionId: metadata.sessionId, taskId, status: statusOf(task), result, error, usage, metadata };
}

function statusOf({ id, state }: Task): Executed["status"] {
  switch (state) {
    case "DONE":
      return "completed";
    case "ERROR":
      return "failed";
    case "CANCELLED":
      return "cancelled";
    case "QUEUED":
    case "RUNNING":
    case "WAITING_USER":
    case "BLOCKED":
    case "IDLE":
      throw new TallyError("cancelled", `Nobody waits for task ${id} any more. It goes on: tally show ${id}`);
  }
}
