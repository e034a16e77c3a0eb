import type { Task } from "../../protocol/entities.ts";
import type { TaskOutputFrame } from "../../protocol/queue-routes.ts";
import { isTaskEnded } from "../../protocol/states.ts";
import type { OutputEntry } from "../../protocol/tasks.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import type { Log } from "../log.ts";
import { withHeadless } from "../sessions/headless-sessions.ts";
import type { Store } from "../store/store.ts";
import type { RunPrograms } from "./run-programs.ts";

export interface TaskOutputsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly agents: AgentRegistry;
  readonly programs: Pick<RunPrograms, "follow">;
  readonly timeZone: string;
  /** What a task that runs has done since it last began; null for one that does not. */
  readonly running: (taskId: string) => readonly OutputEntry[] | null;
}

type Listener = (frame: TaskOutputFrame) => void;

/** What headless tasks do, for whoever looks: from the files that their programs write. */
export class TaskOutputs {
  readonly #options: TaskOutputsOptions;
  readonly #listeners = new Map<string, Set<(entry: OutputEntry) => void>>();

  constructor(options: TaskOutputsOptions) {
    this.#options = options;
  }

  /** A task that runs has done something more. */
  heard(taskId: string, entry: OutputEntry): void {
    for (const listener of this.#listeners.get(taskId) ?? []) listener(entry);
  }

  /** All that a task has done so far, in all its runs. */
  async entries(task: Task): Promise<OutputEntry[]> {
    if (task.run?.via === "terminal") return [inTerminal(task)];
    for (;;) {
      const attempts = this.#attemptsOver(task.id);
      const before = await this.#ofRuns(task, attempts);
      // It may have begun again meanwhile, and then what it did is not all there.
      if (this.#attemptsOver(task.id) !== attempts) continue;
      const running = this.#options.running(task.id);
      if (!running) return before;
      return before.length === 0 ? [...running] : [...before, begunAgain, ...running];
    }
  }

  /** First all that it has done so far, then as it happens, at last with the ended task. A task that is removed ends it too. */
  follow(task: Task, listener: Listener, onRemoved: () => void): { dispose(): void } {
    const { store, log } = this.#options;
    let isOver = false;
    let isCaughtUp = false;
    const dispose = () => {
      isOver = true;
      subscription.dispose();
      ofTask.delete(heard);
      if (ofTask.size === 0) this.#listeners.delete(task.id);
    };
    const tell = (entries: OutputEntry[]) => {
      if (isOver) return;
      const present = store.task(task.id);
      if (!present || isTaskEnded(present.state)) dispose();
      if (present) listener({ entries, task: present });
      else onRemoved();
    };
    let isToldPlace = false;
    const newsOfPlace = () => {
      const present = store.task(task.id);
      if (isToldPlace || present?.run?.via !== "terminal") return [];
      isToldPlace = true;
      return [inTerminal(present)];
    };
    const heard = (entry: OutputEntry) => {
      if (isCaughtUp) tell([entry]);
    };
    const ofTask = this.#listeners.get(task.id) ?? new Set<(entry: OutputEntry) => void>();
    this.#listeners.set(task.id, ofTask);
    ofTask.add(heard);
    const subscription = store.subscribe((events) => {
      const isOfIt = events.some(
        ({ change }) =>
          (change.type === "task.changed" && change.task.id === task.id) ||
          (change.type === "task.removed" && change.id === task.id),
      );
      if (isOfIt && isCaughtUp) tell(newsOfPlace());
    });
    void this.entries(task)
      .catch((error: unknown) => {
        log.warn("output not read", { id: task.id, error });
        return [...(this.#options.running(task.id) ?? [])];
      })
      .then((entries) => {
        // Nothing comes in between: what was heard until now is in what was read.
        isCaughtUp = true;
        isToldPlace = store.task(task.id)?.run?.via === "terminal";
        tell(entries);
      });
    return { dispose };
  }

  #attemptsOver(taskId: string): number {
    const attempts = this.#options.store.task(taskId)?.run?.attempts ?? 0;
    return this.#options.running(taskId) ? attempts - 1 : attempts;
  }

  async #ofRuns(task: Task, attempts: number): Promise<OutputEntry[]> {
    const all: OutputEntry[] = [];
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const entries = await this.#ofRun(task, attempt);
      if (entries.length > 0 && all.length > 0) all.push(begunAgain);
      all.push(...entries);
    }
    return all;
  }

  async #ofRun(task: Task, attempt: number): Promise<OutputEntry[]> {
    const { agents, programs, timeZone } = this.#options;
    // What a person reads is in the output itself.
    const reader = withHeadless(agents.adapter(task.agent)).headless.reader(timeZone);
    const entries: OutputEntry[] = [];
    const output = programs.follow(task.id, attempt, (line) => {
      for (const reading of reader.line(line, task.startedAt ?? task.createdAt)) {
        if (reading.type === "output") entries.push(reading.entry);
      }
    });
    await output.drained();
    output.close();
    return entries;
  }
}

const begunAgain: OutputEntry = { kind: "note", text: "It was begun again." };

function inTerminal({ sessionId }: Task): OutputEntry {
  return { kind: "note", text: `It runs in the terminal of its session: tally attach ${sessionId ?? ""}` };
}
