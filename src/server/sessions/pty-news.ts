import type { Session } from "../../protocol/entities.ts";
import type { PtyInfo } from "../../protocol/ptyhost.ts";
import type { LimitReport } from "../agents/reading.ts";
import type { Log } from "../log.ts";
import type { SessionInternals, Store, StoredSession } from "../store/store.ts";
import type { Following } from "./following.ts";
import { type KeptLaunch, readKeptLaunch } from "./kept-launch.ts";
import { whenLost } from "./lost-session.ts";
import type { Outputs } from "./outputs.ts";
import { afterPtyExit, wasHungUp } from "./session-state.ts";
import { undoRelaunch } from "./undo-relaunch.ts";

export interface PtyNewsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
  readonly following: Following;
  readonly outputs: Outputs;
  readonly get: (sessionId: string) => StoredSession;
  readonly put: (session: Session, internals?: Partial<SessionInternals>) => void;
  /** Whether another program is being put in the place of a session's. */
  readonly isRelaunching: (sessionId: string) => boolean;
  /** The session's program has ended, for whatever reason. */
  readonly onEnded: (sessionId: string) => void;
  readonly onEndedByLimit: (session: StoredSession, limit: LimitReport) => void;
  /** News of a pty that is no session's. Left out: it is logged. */
  readonly onOtherPty?: (pty: PtyInfo) => void;
}

/** As many as a terminal shows. */
const LAST_ROWS = 24;

/** What pty hosts tell of the terminals of sessions, and what follows from it for these. */
export class PtyNews {
  readonly #options: PtyNewsOptions;

  constructor(options: PtyNewsOptions) {
    this.#options = options;
  }

  /** A pty was found, or something of it has changed. Resolves once what was on the screen of one that ended is kept. */
  async changed(pty: PtyInfo): Promise<void> {
    const { store, following, outputs, put, onEnded } = this.#options;
    const known = store.session(pty.ptyId);
    if (!known) {
      this.#otherChanged(pty);
      return;
    }
    const { generation = 0, before } = readKeptLaunch(known.launch) ?? {};
    const isEarlier = pty.generation < generation;
    // Late news of the program that another one is just replacing.
    const isGoing = pty.replacing !== null || this.#options.isRelaunching(known.id);
    if (isEarlier && isGoing) return;
    // The gateway before this one died after it had written that it relaunches a session, and before it did.
    const isUndone = isEarlier && known.endedAt === null;
    if (before && isUndone) undoRelaunch({ store, following }, known.id, before);
    else this.#learnLaunch(known, pty);
    const session = this.#options.get(known.id);
    const now = this.#options.now();
    if (pty.phase === "exited") {
      // Its last words are read also when it ended while no gateway ran.
      if (session.endedAt === null) following.follow(session);
      const isLoss = wasHungUp(pty) && !session.endRequested;
      const exited = (isLoss ? whenLost(session, now) : null) ?? afterPtyExit(session, pty, session.endRequested, now);
      if (exited !== session) put(exited);
    } else if (session.endedAt === null) {
      if (pty.pid !== session.pid) put({ ...session, pid: pty.pid, updatedAt: now });
      following.ptyChanged(session, pty);
    }
    if (pty.phase !== "exited") return;
    onEnded(session.id);
    await outputs.settle(session.id, pty.ptyId);
    this.#readLastWords(session.id);
  }

  #otherChanged(pty: PtyInfo): void {
    const { onOtherPty, log } = this.#options;
    if (onOtherPty) onOtherPty(pty);
    else log.warn("a pty of no known session", { ptyId: pty.ptyId, phase: pty.phase });
  }

  /** Keeps of a launch what its terminal tells of it. */
  #learnLaunch(session: StoredSession, pty: PtyInfo): void {
    const kept = readKeptLaunch(session.launch);
    if (!kept) return;
    const learnt: KeptLaunch = {
      ...kept,
      generation: Math.max(kept.generation, pty.generation),
      hasRun: kept.hasRun || pty.phase === "running",
      // Its relaunch is done: there is nothing to take back any more.
      before: pty.generation >= kept.generation ? undefined : kept.before,
    };
    const launch = JSON.stringify(learnt);
    if (launch !== JSON.stringify(kept)) this.#options.put(session, { launch });
  }

  /** A program that ended by itself, and spoke of a limit last, was stopped by it. */
  #readLastWords(id: string): void {
    const { store, outputs, following, onEndedByLimit } = this.#options;
    const session = store.session(id);
    if (!session || session.state !== "ERROR") return;
    const rows = outputs.kept(id).text.trimEnd().split("\n").slice(-LAST_ROWS).join("\n");
    const limit = following.lastLimit(session, rows);
    if (limit) onEndedByLimit(session, limit);
  }
}
