import type { Model } from "../protocol/model.ts";
import type { Task } from "../protocol/entities.ts";
import { failureWords, needsPerson } from "../presentation/run-words.ts";
import type { Place } from "./waiting-notices.ts";

/** What the person is told of, once: a task that failed, or that waits for them. */
export interface TaskNotice {
  readonly taskId: string;
  readonly text: string;
  /** Whether it has done something that can be looked at. */
  readonly hasOutput: boolean;
}

export interface TaskNoticesOptions {
  readonly tell: (notice: TaskNotice) => void;
  readonly place: () => Pick<Place, "isForemost" | "notifications">;
}

/** Tells the person in this window that a task has failed, or does not begin without them: each once. What ends well says nothing. */
export class TaskNotices {
  readonly #options: TaskNoticesOptions;
  /** Undefined before the first model: what has failed already when the window opens is not announced. */
  #model: Model | undefined;

  constructor(options: TaskNoticesOptions) {
    this.#options = options;
  }

  /** After every change of the model. */
  update(model: Model): void {
    const before = this.#model?.storeId === model.storeId ? this.#model : undefined;
    this.#model = model;
    if (!before || before.tasks === model.tasks) return;
    for (const task of model.tasks.values()) {
      const old = before.tasks.get(task.id);
      if (task === old || !isTold(task) || (old && isTold(old))) continue;
      this.#tell(task);
    }
  }

  #tell(task: Task): void {
    const { isForemost, notifications } = this.#options.place();
    if (!isForemost || (notifications !== "editor" && notifications !== "both")) return;
    const hasOutput = (task.run?.attempts ?? 0) > 0 && task.run?.via === "headless";
    this.#options.tell({ taskId: task.id, text: failureWords(task), hasOutput });
  }
}

function isTold(task: Task): boolean {
  return task.kind === "run" && (task.state === "ERROR" || needsPerson(task));
}
