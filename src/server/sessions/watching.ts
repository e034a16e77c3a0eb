import type { AgentReads, Whereabouts } from "../agents/adapter.ts";
import type { Signal } from "../agents/reading.ts";
import type { Log } from "../log.ts";
import { watchFile } from "../signals/watch-file.ts";
import { watchStream } from "../signals/watch-stream.ts";

interface Watch {
  dispose(): void;
}

/** A busy agent says hundreds of things in a second, each of which would be stored and told to every window. */
const PACE_MS = 25;
/** Looking for files means reading folders. */
const LOOK_AGAIN_MS = 500;

/** The files and streams of one agent that are watched, as its whereabouts become known. */
export class Watching {
  readonly #reads: AgentReads;
  readonly #emit: (signals: readonly Signal[]) => void;
  readonly #log: Log;
  readonly #watches = new Map<string, Watch>();
  /** What was read and not yet told: a transcript's beginning is thousands of signals, and one state. */
  #read: Signal[] = [];
  #telling: NodeJS.Timeout | null = null;
  #toldAt = -Infinity;
  #lookedFor: Whereabouts | null = null;
  #lookedAt = -Infinity;
  #isDisposed = false;
  #lookingAgain: NodeJS.Timeout | null = null;

  constructor(reads: AgentReads, emit: (signals: readonly Signal[]) => void, log: Log) {
    this.#reads = reads;
    this.#emit = emit;
    this.#log = log;
  }

  /** Watches what there is to watch at these whereabouts, and nothing else any more; soon, when it was just done for the same ones. */
  look(whereabouts: Whereabouts): void {
    if (this.#isDisposed) return;
    const waitMs = whereabouts === this.#lookedFor ? this.#lookedAt + LOOK_AGAIN_MS - performance.now() : 0;
    if (this.#lookingAgain) clearTimeout(this.#lookingAgain);
    this.#lookingAgain = waitMs > 0 ? setTimeout(() => this.look(whereabouts), waitMs).unref() : null;
    if (waitMs > 0) return;
    this.#lookedFor = whereabouts;
    this.#lookedAt = performance.now();
    const wanted = new Map<string, () => Watch>();
    const emit = (signal: Signal) => this.#tell(signal);
    for (const file of this.#reads.files?.(whereabouts) ?? []) {
      wanted.set(`${file.source} ${file.path}`, () => watchFile(file, emit, this.#log));
    }
    for (const stream of this.#reads.streams?.(whereabouts) ?? []) {
      wanted.set(`${stream.source} ${stream.url}`, () => watchStream(stream, emit, this.#log));
    }
    for (const [key, watch] of this.#watches) {
      if (wanted.has(key)) continue;
      watch.dispose();
      this.#watches.delete(key);
    }
    for (const [key, start] of wanted) if (!this.#watches.has(key)) this.#watches.set(key, start());
  }

  /** Tells at once what was read so far. */
  flush(): void {
    if (this.#telling) clearTimeout(this.#telling);
    this.#telling = null;
    this.#toldAt = performance.now();
    const signals = this.#read;
    this.#read = [];
    if (signals.length > 0) this.#emit(signals);
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#telling) clearTimeout(this.#telling);
    if (this.#lookingAgain) clearTimeout(this.#lookingAgain);
    for (const watch of this.#watches.values()) watch.dispose();
    this.#watches.clear();
  }

  #tell(signal: Signal): void {
    this.#read.push(signal);
    const waitMs = Math.max(this.#toldAt + PACE_MS - performance.now(), 0);
    this.#telling ??= setTimeout(() => this.flush(), waitMs);
  }
}
