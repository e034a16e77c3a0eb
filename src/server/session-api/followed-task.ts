import type { TaskOutputFrame } from "../../protocol/queue-routes.ts";
import { isTaskEnded } from "../../protocol/states.ts";
import type { TaskService } from "../tasks/task-service.ts";

/** More than a listener that is busy finds worth reading. */
const MAX_WAITING_ENTRIES = 10_000;

/**
 * What a task does, until it has ended or `signal` says that nobody listens any more. What happens while the listener is busy comes as
 * one frame, with the task as it is by then.
 */
export async function* followedTask(
  tasks: Pick<TaskService, "follow">,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<TaskOutputFrame, void, undefined> {
  const waiting = new WaitingOutput();
  let wake: () => void = () => undefined;
  const onGone = () => wake();
  signal.addEventListener("abort", onGone);
  const following = tasks.follow(id, (frame) => {
    waiting.add(frame);
    wake();
  });
  try {
    for (;;) {
      if (waiting.isEmpty && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      const frame = waiting.take();
      if (frame) yield frame;
      if (!frame || isTaskEnded(frame.task.state)) return;
    }
  } finally {
    signal.removeEventListener("abort", onGone);
    following.dispose();
  }
}

/** What nobody has read yet. */
class WaitingOutput {
  #frame: TaskOutputFrame | null = null;
  #leftOut = 0;

  get isEmpty(): boolean {
    return this.#frame === null;
  }

  add({ entries: more, task }: TaskOutputFrame): void {
    const entries = [...(this.#frame?.entries ?? []), ...more];
    const tooMany = Math.max(0, entries.length - MAX_WAITING_ENTRIES);
    this.#leftOut += tooMany;
    this.#frame = { entries: entries.slice(tooMany), task };
  }

  take(): TaskOutputFrame | null {
    const [frame, leftOut] = [this.#frame, this.#leftOut];
    [this.#frame, this.#leftOut] = [null, 0];
    if (!frame || leftOut === 0) return frame;
    const text = `${leftOut} entries are left out here: they came faster than they were read.`;
    return { entries: [{ kind: "note", text }, ...frame.entries], task: frame.task };
  }
}
