import type { Task } from "../../../../src/protocol/entities.ts";
import type { TallyError } from "../../../../src/protocol/errors.ts";
import type { RouteBody } from "../../../../src/protocol/routes.ts";
import { isTaskEnded } from "../../../../src/protocol/states.ts";
import type { OutputEntry } from "../../../../src/protocol/tasks.ts";
import type { ChangedTask, TaskService } from "../../../../src/server/tasks/task-service.ts";
import { aRun } from "../../../support/entities.ts";

type Listener = Parameters<TaskService["follow"]>[1];

/** Takes one task after the other, which do what a test says. */
export class FakeTasks implements TaskService {
  readonly added: RouteBody<"addTask">[] = [];
  readonly #listeners = new Set<Listener>();
  readonly #entries: OutputEntry[] = [];
  #task: Task = aRun({ sessionId: "session1" });
  /** What adding a task is refused with. */
  refusal: TallyError | null = null;

  get followers(): number {
    return this.#listeners.size;
  }

  /** It has done so much more, and is as `fields` say. */
  does(fields: Partial<Task>, ...texts: string[]): void {
    const entries = texts.map((text) => ({ kind: "text" as const, text }));
    this.#entries.push(...entries);
    this.#task = { ...this.#task, ...fields };
    for (const listener of this.#listeners) listener({ entries, task: this.#task });
  }

  add(order: RouteBody<"addTask">): Promise<ChangedTask> {
    if (this.refusal) return Promise.reject(this.refusal);
    this.added.push(order);
    return Promise.resolve({ task: this.#task, session: null });
  }

  check(): Promise<void> {
    return this.refusal ? Promise.reject(this.refusal) : Promise.resolve();
  }

  get(): ChangedTask {
    return { task: this.#task, session: null };
  }

  cancel(): Promise<ChangedTask> {
    this.does({ state: "CANCELLED" });
    return Promise.resolve(this.get());
  }

  untilEnded(id: string, signal: AbortSignal): Promise<Task> {
    return new Promise((resolve) => {
      const following = this.follow(id, ({ task }) => {
        if (isTaskEnded(task.state)) resolve(task);
      });
      const onGone = () => {
        following.dispose();
        resolve(this.#task);
      };
      if (signal.aborted) onGone();
      else signal.addEventListener("abort", onGone);
    });
  }

  follow(_id: string, listener: Listener): { dispose(): void } {
    this.#listeners.add(listener);
    listener({ entries: [...this.#entries], task: this.#task });
    return { dispose: () => this.#listeners.delete(listener) };
  }
}
