import type { Log } from "../log.ts";
import type { SessionOutput, Store, StoredSession } from "../store/store.ts";
import type { PtyHosts } from "./pty-hosts.ts";
import { notAttachable } from "./session-errors.ts";

export interface OutputsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly ptyHosts: PtyHosts;
}

/** What is on the terminals of sessions: as their pty hosts have it, and once those forgot them, as it was last. */
export class Outputs {
  readonly #options: OutputsOptions;
  /** Ptys whose exit is being taken over, once each: the host tells of it more than once. */
  readonly #settling = new Map<string, Promise<void>>();

  constructor(options: OutputsOptions) {
    this.#options = options;
  }

  /** @throws {TallyError} `not-attachable` */
  async read(session: StoredSession, format: "ansi" | "text"): Promise<{ data: string; cols: number; rows: number }> {
    const { ptyHosts } = this.#options;
    if (session.ptyId === null) throw notAttachable(session);
    await this.#settling.get(session.ptyId);
    if (session.endedAt === null || ptyHosts.has(session.ptyId)) {
      return ptyHosts.hostOf(session.ptyId).call("output", { ptyId: session.ptyId, format });
    }
    const kept = this.kept(session.id);
    return { data: kept[format], cols: kept.cols, rows: kept.rows };
  }

  /** The last screen of an ended session; empty when it was lost with its pty host. */
  kept(sessionId: string): SessionOutput {
    return this.#options.store.sessionOutput(sessionId) ?? { ansi: "", text: "", cols: 80, rows: 24 };
  }

  /** Resolves once a pty that has ended is taken over, and its host has dropped it. */
  async settled(ptyId: string): Promise<void> {
    await this.#settling.get(ptyId);
  }

  /** Takes over the last screen of a pty that ended, and lets its host drop it. */
  async settle(sessionId: string, ptyId: string): Promise<void> {
    if (this.#settling.has(ptyId)) return;
    const settled = this.#keep(sessionId, ptyId).then(() => this.#forget(ptyId));
    this.#settling.set(ptyId, settled);
    await settled;
    this.#settling.delete(ptyId);
  }

  /** The last screen outlives the pty host, so it is stored before the host may drop it. */
  async #keep(sessionId: string, ptyId: string): Promise<void> {
    const { ptyHosts, store, log } = this.#options;
    try {
      const host = ptyHosts.hostOf(ptyId);
      const [ansi, text] = await Promise.all([
        host.call("output", { ptyId, format: "ansi" }),
        host.call("output", { ptyId, format: "text" }),
      ]);
      const output = { ansi: ansi.data, text: text.data, cols: ansi.cols, rows: ansi.rows };
      store.change((transaction) => transaction.putSessionOutput(sessionId, output));
    } catch (error) {
      log.warn("the last screen is lost", { sessionId, error });
    }
  }

  async #forget(ptyId: string): Promise<void> {
    const { ptyHosts, log } = this.#options;
    try {
      await ptyHosts.hostOf(ptyId).call("forget", { ptyId });
      ptyHosts.forget(ptyId);
    } catch (error) {
      // It is still there: another program may run in it by now.
      log.warn("pty not forgotten", { ptyId, error });
    }
  }
}
