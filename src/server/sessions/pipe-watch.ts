import { isAlive } from "../../protocol/liveness.ts";
import { processStart, signalProcess } from "../processes.ts";

const LOOK_EVERY_MS = 2_000;
/** A caller that spawned nothing for so long has died before it could. */
const SPAWN_WITHIN_MS = 60_000;

/** A process that is told apart from a later one with the same id by when it started. */
export interface WatchedProcess {
  readonly pid: number;
  readonly start: string | null;
}

/**
 * Watches the processes of sessions that run in their callers' pipes. Their callers report the end; a caller that was
 * killed cannot, so a process that is gone ends its session here.
 */
export class PipeWatch {
  readonly #onGone: (sessionId: string) => void;
  readonly #watched = new Map<string, { process: WatchedProcess | null; since: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(onGone: (sessionId: string) => void) {
    this.#onGone = onGone;
  }

  /** @param process null while its caller has not spawned it yet. */
  watch(sessionId: string, process: WatchedProcess | null): void {
    this.#watched.set(sessionId, { process, since: Date.now() });
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  unwatch(sessionId: string): void {
    this.#watched.delete(sessionId);
    if (this.#watched.size === 0) this.stop();
  }

  /** Signals the session's process, and never another one that has its id by now. */
  signal(sessionId: string, signal: NodeJS.Signals): void {
    const process = this.#watched.get(sessionId)?.process;
    if (process && isSame(process)) signalProcess(process.pid, signal);
    else if (process) this.#onGone(sessionId);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    for (const [sessionId, { process, since }] of [...this.#watched]) {
      const isGone = process === null ? Date.now() - since > SPAWN_WITHIN_MS : !isAlive(process.pid);
      if (isGone) this.#onGone(sessionId);
    }
  }
}

/** Whether the process still is the one that was watched. Where the system tells no start, its id has to do. */
export function isSame({ pid, start }: WatchedProcess): boolean {
  return isAlive(pid) && (start === null || processStart(pid) === start);
}
