import * as vscode from "vscode";
import type { GatewayClient } from "../client/http.ts";
import { TaskOutput } from "../client/task-output.ts";
import type { Task } from "../protocol/entities.ts";
import type { TallyError } from "../protocol/errors.ts";
import type { TaskOutputFrame } from "../protocol/queue-routes.ts";
import { isTaskEnded } from "../protocol/states.ts";
import type { OutputEntry } from "../protocol/tasks.ts";
import { endText, entryText, outputAnew, statusText, WITHOUT_STATUS } from "../presentation/task-output-text.ts";

export interface TaskOutputPtyOptions {
  readonly client: GatewayClient;
  readonly task: Task;
  /** It cannot be shown (any more). */
  readonly onFailure: (error: TallyError) => void;
}

const DEFAULT_COLS = 80;
/** More than a terminal's scrollback holds as it is set by default. */
const MAX_ENTRIES = 5_000;
/** A panel that is dragged has many sizes before its last. */
const RESIZED_MS = 150;

/** Shows what a headless task does, as it happens. Nothing can be typed into it, and closing it ends nothing. */
export class TaskOutputPty implements vscode.Pseudoterminal {
  readonly taskId: string;
  readonly #options: TaskOutputPtyOptions;
  readonly #write = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.#write.event;
  #task: Task;
  #entries: OutputEntry[] = [];
  #cols = DEFAULT_COLS;
  #output: TaskOutput | undefined;
  /** The status that stands below all else; empty: none does. */
  #status = "";
  #resized: NodeJS.Timeout | undefined;
  #tellOpened: () => void = () => undefined;

  /** Resolves when the editor has opened the tab. */
  readonly whenOpened = new Promise<void>((resolve) => (this.#tellOpened = resolve));

  constructor(options: TaskOutputPtyOptions) {
    this.#options = options;
    this.taskId = options.task.id;
    this.#task = options.task;
  }

  /** As it was told last. */
  get task(): Task {
    return this.#task;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.#tellOpened();
    this.#cols = dimensions?.columns ?? DEFAULT_COLS;
    this.#drawAnew();
    this.#follow();
  }

  setDimensions({ columns }: vscode.TerminalDimensions): void {
    if (columns === this.#cols) return;
    this.#cols = columns;
    clearTimeout(this.#resized);
    this.#resized = setTimeout(() => this.#drawAnew(), RESIZED_MS);
  }

  close(): void {
    clearTimeout(this.#resized);
    this.#output?.dispose();
  }

  /** The task as the events tell of it: one that has ended may have been queued again. */
  update(task: Task): void {
    const isAgain = isTaskEnded(this.#task.state) && !isTaskEnded(task.state);
    if (isAgain) this.#follow();
  }

  #follow(): void {
    const { client, onFailure } = this.#options;
    this.#output?.dispose();
    this.#output = new TaskOutput({
      client,
      taskId: this.taskId,
      onFrame: (frame, isAnew) => this.#show(frame, isAnew),
      onFailure: (error) => {
        this.#write.fire(this.#withoutStatus() + entryText({ kind: "note", text: error.message }, null, this.#cols));
        onFailure(error);
      },
    });
  }

  #show({ entries, task }: TaskOutputFrame, isAnew: boolean): void {
    this.#task = task;
    if (isAnew) {
      this.#entries = entries.slice(-MAX_ENTRIES);
      this.#drawAnew();
      return;
    }
    let text = this.#withoutStatus();
    for (const entry of entries) {
      text += entryText(entry, this.#entries.at(-1) ?? null, this.#cols);
      this.#entries.push(entry);
    }
    this.#entries = this.#entries.slice(-MAX_ENTRIES);
    this.#write.fire(text + this.#below());
  }

  #drawAnew(): void {
    this.#write.fire(outputAnew(this.#task, this.#entries, this.#cols) + this.#below());
  }

  /** What stands below all that the agent did. */
  #below(): string {
    this.#status = statusText(this.#task, this.#cols);
    const isOver = isTaskEnded(this.#task.state);
    return isOver ? endText(this.#task, this.#entries.at(-1) ?? null, this.#cols) : this.#status;
  }

  #withoutStatus(): string {
    const text = this.#status === "" ? "" : WITHOUT_STATUS;
    this.#status = "";
    return text;
  }
}
