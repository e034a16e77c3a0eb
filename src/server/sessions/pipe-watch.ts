import { isAlive, signalProcess } from "../processes.ts";

const LOOK_EVERY_MS = 2_000;
/** A caller that spawned nothing for so long has died before it could. */
const SPAWN_WITHIN_MS = 60_000;

/**
 * Watches the processes of sessions that run in their callers' pipes. Their callers report the end; a caller that was
 * killed cannot, so a process that is gone ends its session here.
 */
export class PipeWatch {
  readonly #onGone: (sessionId: string) => void;
  readonly #watched = new Map<string, { pid: number | null; since: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(onGone: (sessionId: string) => void) {
    this.#onGone = onGone;
  }

  /** @param pid null while its caller has not spawned it yet. */
  watch(sessionId: string, pid: number | null): void {
    this.#watched.set(sessionId, { pid, since: Date.now() });
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  unwatch(sessionId: string): void {
    this.#watched.delete(sessionId);
    if (this.#watched.size === 0) this.stop();
  }

  signal(pid: number | null, signal: NodeJS.Signals): Promise<void> {
    if (pid !== null) signalProcess(pid, signal);
    return Promise.resolve();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    for (const [sessionId, { pid, since }] of [...this.#watched]) {
      const isGone = pid === null ? Date.now() - since > SPAWN_WITHIN_MS : !isAlive(pid);
      if (isGone) this.#onGone(sessionId);
    }
  }
}
