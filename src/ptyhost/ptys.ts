import type { PtyHostParams, PtyInfo } from "../protocol/ptyhost.ts";
import type { Clock } from "./clock.ts";
import { HeadlessProgram } from "./headless-program.ts";
import type { Hosted } from "./hosted.ts";
import { Pty } from "./pty.ts";
import { PtyHostError } from "./pty-host-error.ts";

export interface PtysOptions {
  readonly clock: Clock;
  readonly onChanged: (info: PtyInfo) => void;
  /** One is needed no more. */
  readonly onUnneeded: () => void;
  readonly onError: (error: unknown) => void;
}

/** All pseudoterminals of this host, and its programs without one, by id, from their creation until they are forgotten. */
export class Ptys {
  readonly #ptys = new Map<string, Hosted>();
  readonly #options: PtysOptions;

  constructor(options: PtysOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#ptys.size;
  }

  /** Whether the host has to stay for one of them. */
  get isNeeded(): boolean {
    return [...this.#ptys.values()].some((pty) => pty.isNeeded);
  }

  get infos(): PtyInfo[] {
    return [...this.#ptys.values()].map((pty) => pty.info);
  }

  /** The one that viewers can attach to; null where there is no such pty, or it has no terminal. */
  terminal(ptyId: string): Pty | null {
    const hosted = this.#ptys.get(ptyId);
    return hosted instanceof Pty ? hosted : null;
  }

  /** Throws `pty-not-found`. */
  get(ptyId: string): Hosted {
    const pty = this.#ptys.get(ptyId);
    if (!pty) throw new PtyHostError("pty-not-found", `there is no pty ${ptyId}`);
    return pty;
  }

  /** Throws `pty-exists` and `spawn-failed`. */
  async create(request: PtyHostParams<"create">): Promise<Hosted> {
    const { ptyId, files } = request;
    if (this.#ptys.has(ptyId)) throw new PtyHostError("pty-exists", `pty ${ptyId} exists already`);
    const pty = files
      ? new HeadlessProgram({ request, files, ...this.#options })
      : new Pty({ request, ...this.#options });
    this.#ptys.set(ptyId, pty);
    try {
      await pty.created;
    } catch (error) {
      this.#ptys.delete(ptyId);
      this.#options.onUnneeded();
      throw error;
    }
    return pty;
  }

  /** Throws `pty-not-found`, and `invalid-request` for a pty whose program still runs, or is about to. */
  forget(ptyId: string): void {
    const pty = this.get(ptyId);
    if (!pty.isOver) throw new PtyHostError("invalid-request", `pty ${ptyId} has not exited`);
    pty.dispose();
    this.#ptys.delete(ptyId);
    this.#options.onUnneeded();
  }

  /** Throws `pty-not-found`. */
  release(ptyId: string): void {
    this.get(ptyId).release();
    this.#options.onUnneeded();
  }

  /** Hangs up every terminal, as the end of a login would, and ends what has none. Resolves once the latter has ended. */
  async hangUp(graceMs: number): Promise<void> {
    await Promise.all([...this.#ptys.values()].map((pty) => pty.hangUp(graceMs)));
  }
}
