import type { TaskOutputFrame } from "../../protocol/queue-routes.ts";
import type { Tasks } from "../tasks/tasks.ts";
import type { RouteHandlers } from "./router.ts";
import type { SocketHandlers } from "./server.ts";

type QueueRoutes = Pick<
  RouteHandlers,
  "addTask" | "queue" | "getTask" | "moveTask" | "cancelTask" | "retryTask" | "taskOutput"
>;

/** A viewer that lets so much pile up is cut off; it comes back and asks anew. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

const idOf = (params: Readonly<Record<string, string>>): string => params["id"] ?? "";

export function queueRoutes(tasks: Tasks): QueueRoutes {
  return {
    addTask: ({ body }) => tasks.add(body),
    queue: () => ({ tasks: tasks.queue() }),
    getTask: ({ params }) => tasks.get(idOf(params)),
    moveTask: ({ params, body }) => tasks.move(idOf(params), body),
    cancelTask: ({ params }) => tasks.cancel(idOf(params)),
    retryTask: ({ params, body }) => tasks.retry(idOf(params), body),
    taskOutput: ({ params, query }) => tasks.output(idOf(params), query.from),
  };
}

/** What a headless task does, as it happens. */
export function taskOutputSocket(tasks: Tasks): SocketHandlers["taskOutput"] {
  return async ({ params }, accept) => {
    const { task } = tasks.get(idOf(params));
    const socket = await accept();
    const send = (frame: TaskOutputFrame) => {
      if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
        socket.terminate();
        return;
      }
      socket.send(JSON.stringify(frame));
      if (frame.task.endedAt !== null) socket.close(1000);
    };
    const following = tasks.follow(task.id, send, () => socket.close(1000));
    socket.on("close", () => following.dispose());
    // `close` follows.
    socket.on("error", () => undefined);
  };
}
