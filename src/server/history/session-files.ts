import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Change, TallyEvent } from "../../protocol/events.ts";
import type { Settings } from "../../protocol/limits.ts";
import { type SetTimer, systemTimer } from "../limits/wall-clock-alarm.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { History } from "./history.ts";
import type { ProjectCopies } from "./project-copies.ts";
import { toSessionFile } from "./session-metadata.ts";
import { sessionFileName, writePrivately } from "./session-file-io.ts";
import { SessionsBehind } from "./sessions-behind.ts";

/** How many of a session's tasks its file has, the latest; its numbers count them all. */
const MAX_TASKS_IN_FILE = 1_000;

/** What happens within this time is written at once. */
const GATHER_MS = 500;
const FILES_AT_ONCE = 20;

/** At most so much of the time goes into writing: one part of ten. */
const REST_PER_WORK = 9;

/** Up to which event the files tell everything; the next gateway goes on from there. */
const WRITTEN_KEY = "session-files-written";

/** Whether projects had copies when that was looked at last. */
const COPIES_KEY = "session-files-in-projects";

export interface SessionFilesOptions {
  /** `$TALLY_HOME/sessions` */
  readonly folder: string;
  readonly store: Store;
  readonly history: Pick<History, "of">;
  readonly copies: ProjectCopies;
  readonly settings: () => Pick<Settings, "historyInProject">;
  readonly log: Log;
  readonly setTimer?: SetTimer;
}

/** Keeps a readable copy of each session's history in a file of its own, a moment behind the store. */
export class SessionFiles {
  readonly #options: SessionFilesOptions;
  readonly #setTimer: SetTimer;
  readonly #behind: SessionsBehind;
  #subscription: { dispose(): void } | null = null;
  #cancelTimer: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();
  #isStopped = false;
  /** What was wrong already. */
  readonly #complaints = new Set<string>();

  constructor(options: SessionFilesOptions) {
    this.#options = options;
    this.#setTimer = options.setTimer ?? systemTimer;
    this.#behind = new SessionsBehind(options.store.seq);
  }

  /** Follows the store from now on, and catches up with what is not in the files yet. */
  async start(): Promise<void> {
    const { folder, store } = this.#options;
    this.#subscription = store.subscribe((events) => this.#hear(events));
    const written = z.number().int().nonnegative().safeParse(store.value(WRITTEN_KEY));
    const missed = written.success ? store.eventsSince(written.data) : null;
    if (missed) this.#hear(missed);
    else this.#addAll(store.sessionIds());
    const there = new Set(await readdir(folder).catch(() => []));
    this.#addAll(store.sessionIds().filter((id) => !there.has(sessionFileName(id))));
    this.settingsChanged();
    this.#keepWritten();
    this.#schedule(GATHER_MS);
  }

  /** Copies for projects were asked for: the sessions that are there already get theirs. */
  settingsChanged(): void {
    const { store, settings } = this.#options;
    const { historyInProject } = settings();
    if ((store.value(COPIES_KEY) === true) === historyInProject) return;
    store.change((transaction) => transaction.putValue(COPIES_KEY, historyInProject));
    if (historyInProject) this.#addAll(store.sessionIds());
    this.#keepWritten();
    this.#schedule(GATHER_MS);
  }

  /** Writes what is behind, as far as that is done at once; the next gateway catches up with the rest. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#subscription?.dispose();
    this.#cancelTimer?.();
    await this.#writing;
    await this.#writeSome();
  }

  #hear(events: readonly TallyEvent[]): void {
    for (const { seq, change } of events) {
      this.#behind.heard(seq);
      const sessionId = changedSession(change);
      if (sessionId !== null) this.#behind.add(sessionId, seq);
    }
    this.#schedule(GATHER_MS);
  }

  #addAll(sessionIds: readonly string[]): void {
    for (const id of sessionIds) this.#behind.add(id, 0);
  }

  #keepWritten(): void {
    const { store } = this.#options;
    const { written } = this.#behind;
    if (store.value(WRITTEN_KEY) === written) return;
    store.change((transaction) => transaction.putValue(WRITTEN_KEY, written));
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped || this.#cancelTimer || this.#behind.isEmpty) return;
    this.#cancelTimer = this.#setTimer(delayMs, () => {
      this.#writing = this.#writeSome().then((workMs) => {
        this.#cancelTimer = null;
        this.#schedule(Math.max(GATHER_MS, workMs * REST_PER_WORK));
      });
    });
  }

  async #write(id: string): Promise<void> {
    const { store, folder, history, copies, settings } = this.#options;
    const file = join(folder, sessionFileName(id));
    if (store.session(id) === null) {
      await this.#attempt("a removed session's file is left", () => rm(file, { force: true }));
      await this.#attempt("a removed session's copy is left", () => copies.remove(store.projects(), id));
      return;
    }
    const { history: told, tasks } = history.of(id, { limit: MAX_TASKS_IN_FILE });
    const text = `${JSON.stringify(toSessionFile(told, tasks.toReversed()), null, 2)}\n`;
    await this.#attempt("a session's file is not written", () => writePrivately(file, text));
    if (!settings().historyInProject) return;
    await this.#attempt("a session's copy is not written", () => copies.write(told.project, id, text));
  }

  /** @returns how long it took */
  async #writeSome(): Promise<number> {
    const { folder } = this.#options;
    const startedAt = performance.now();
    await this.#attempt("sessions' files are not written", async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const id of this.#behind.take(FILES_AT_ONCE)) await this.#write(id);
      this.#keepWritten();
    });
    return performance.now() - startedAt;
  }

  /** Nothing else fails because of a file; what keeps being wrong is said once. */
  async #attempt(what: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
      this.#complaints.delete(what);
    } catch (error) {
      if (!this.#complaints.has(what)) this.#options.log.warn(what, { error });
      this.#complaints.add(what);
    }
  }
}

/** Null where it changes nothing that a file tells. */
function changedSession(change: Change): string | null {
  switch (change.type) {
    case "session.changed":
      return change.session.id;
    case "session.removed":
      return change.id;
    case "task.changed":
      return change.task.sessionId;
    case "task.removed":
      return change.sessionId ?? null;
    default:
      return null;
  }
}
