import type { Task } from "../../protocol/entities.ts";
import { type ForeignTasks, toForeignTask } from "../tasks/foreign-tasks.ts";
import type { RouteHandlers } from "./router.ts";

type TaskRoutes = Pick<
  RouteHandlers,
  "taskState" | "upsertTask" | "setTaskState" | "setTaskDetails" | "finishTask" | "deleteTask" | "pinTask"
>;

const changed = (task: Task) => ({ success: true as const, task: toForeignTask(task) });

export function taskRoutes(tasks: ForeignTasks): TaskRoutes {
  return {
    taskState: () => tasks.state(),
    upsertTask: async ({ body }) => changed(await tasks.upsert(body)),
    setTaskState: ({ body }) => changed(tasks.setState(body.taskId, body.state, body.details)),
    setTaskDetails: ({ body }) => changed(tasks.setDetails(body.taskId, body.details)),
    finishTask: ({ body }) => changed(tasks.setState(body.taskId, "DONE", body.details)),
    deleteTask: ({ body }) => {
      tasks.remove(body.taskId);
      return { success: true };
    },
    pinTask: ({ body }) => changed(tasks.pin(body.taskId, body.pinned)),
  };
}
