import type { PtyHostParams, PtyInfo } from "../protocol/ptyhost.ts";
import type { Clock } from "./clock.ts";
import { Pty } from "./pty.ts";
import { PtyHostError } from "./pty-host-error.ts";

export interface PtysOptions {
  readonly clock: Clock;
  readonly onChanged: (info: PtyInfo) => void;
  /** One is needed no more. */
  readonly onUnneeded: () => void;
  readonly onError: (error: unknown) => void;
}

/** All pseudoterminals of this host, by id, from their creation until they are forgotten. */
export class Ptys {
  readonly #ptys = new Map<string, Pty>();
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

  find(ptyId: string): Pty | null {
    return this.#ptys.get(ptyId) ?? null;
  }

  /** Throws `pty-not-found`. */
  get(ptyId: string): Pty {
    const pty = this.find(ptyId);
    if (!pty) throw new PtyHostError("pty-not-found", `there is no pty ${ptyId}`);
    return pty;
  }

  /** Throws `pty-exists` and `spawn-failed`. */
  create(request: PtyHostParams<"create">): Pty {
    if (this.#ptys.has(request.ptyId)) throw new PtyHostError("pty-exists", `pty ${request.ptyId} exists already`);
    const pty = new Pty({ request, ...this.#options });
    this.#ptys.set(request.ptyId, pty);
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

  /** Hangs up every terminal, as the end of a login would. */
  hangUp(): void {
    for (const pty of this.#ptys.values()) pty.signal("SIGHUP");
  }
}
