import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Standing } from "../../protocol/worktrees.ts";
import type { Log } from "../log.ts";
import { adminDirOf } from "./checkouts.ts";
import { readStanding } from "./standing.ts";

export interface WatchedWorktree {
  readonly id: string;
  readonly path: string;
  readonly base: string | null;
}

export interface StandingWatchOptions {
  /** Told when it differs from what was told before. */
  readonly onStanding: (worktreeId: string, standing: Standing) => void;
  /** Whether somebody looks: only then it is read anew from time to time. */
  readonly isWanted: () => boolean;
  readonly now: () => number;
  readonly log: Log;
  /** Files that are edited tell nobody: so often they are looked for. */
  readonly everyMs?: number | undefined;
  /** A commit changes several files of git's: they are taken as one change. */
  readonly settleMs?: number | undefined;
  /** A git that hangs, as it does on a file system that is gone, is given up. */
  readonly giveUpMs?: number | undefined;
  readonly read?: typeof readStanding | undefined;
}

const EVERY_MS = 60_000;
const SETTLE_MS = 150;
const GIVE_UP_MS = 30_000;

interface Entry {
  worktree: WatchedWorktree;
  readonly end: AbortController;
  readonly watchers: Map<string, FSWatcher>;
  settling: NodeJS.Timeout | undefined;
  /** The one that goes on; another one begins only after it. */
  reading: Promise<void> | null;
  isDue: boolean;
  hasFailed: boolean;
  told: string | null;
}

/** Knows what git says of worktrees, and tells when that changes. */
export class StandingWatch {
  readonly #options: StandingWatchOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #poll: NodeJS.Timeout;
  #isPolling = false;

  constructor(options: StandingWatchOptions) {
    this.#options = options;
    this.#poll = setInterval(() => void this.#readAll(), options.everyMs ?? EVERY_MS).unref();
  }

  /** Reads it now, and whenever git changes something. Of one that is watched already, only the base may be another one. */
  watch(worktree: WatchedWorktree): void {
    const known = this.#entries.get(worktree.id);
    if (known?.worktree.path === worktree.path) {
      if (known.worktree.base === worktree.base) return;
      known.worktree = worktree;
    } else {
      this.unwatch(worktree.id);
      this.#entries.set(worktree.id, {
        worktree,
        end: new AbortController(),
        watchers: new Map(),
        settling: undefined,
        reading: null,
        isDue: false,
        hasFailed: false,
        told: null,
      });
    }
    this.refresh(worktree.id);
  }

  unwatch(worktreeId: string): void {
    const entry = this.#entries.get(worktreeId);
    if (!entry) return;
    this.#entries.delete(worktreeId);
    entry.end.abort();
    clearTimeout(entry.settling);
    for (const watcher of entry.watchers.values()) watcher.close();
  }

  /** Reads it anew. */
  refresh(worktreeId: string): void {
    const entry = this.#entries.get(worktreeId);
    if (entry) void this.#read(entry);
  }

  stop(): void {
    clearInterval(this.#poll);
    for (const id of [...this.#entries.keys()]) this.unwatch(id);
  }

  /** One after the other: all at once they would take the machine for themselves. */
  async #readAll(): Promise<void> {
    if (this.#isPolling || !this.#options.isWanted()) return;
    this.#isPolling = true;
    for (const entry of [...this.#entries.values()]) await this.#read(entry);
    this.#isPolling = false;
  }

  #read(entry: Entry): Promise<void> {
    entry.isDue = true;
    entry.reading ??= this.#readWhileDue(entry).finally(() => (entry.reading = null));
    return entry.reading;
  }

  async #readWhileDue(entry: Entry): Promise<void> {
    while (entry.isDue && !entry.end.signal.aborted) {
      entry.isDue = false;
      // Watched before it is read: what changes meanwhile is read once more.
      await this.#watchFolders(entry);
      await this.#readOnce(entry);
      // Now that is known which refs there are to watch.
      await this.#watchFolders(entry);
    }
  }

  async #readOnce(entry: Entry): Promise<void> {
    const { read = readStanding, giveUpMs = GIVE_UP_MS, now, log, onStanding } = this.#options;
    const { id, path, base } = entry.worktree;
    try {
      const signal = AbortSignal.any([entry.end.signal, AbortSignal.timeout(giveUpMs)]);
      const standing = await read(path, base, { now, signal });
      entry.hasFailed = false;
      const { at: _, ...said } = standing;
      const saying = JSON.stringify(said);
      if (entry.end.signal.aborted || saying === entry.told) return;
      entry.told = saying;
      onStanding(id, standing);
    } catch (error) {
      if (!entry.end.signal.aborted && !entry.hasFailed) log.warn("standing not read", { path, error });
      entry.hasFailed = true;
    }
  }

  /** Git's own folders for the worktree, and those of the refs that it is compared with. */
  async #watchFolders(entry: Entry): Promise<void> {
    const { path } = entry.worktree;
    const adminDir = await adminDirOf(path);
    const gitDir = adminDir ?? join(path, ".git");
    const commonDir = adminDir === null ? gitDir : dirname(dirname(adminDir));
    const { branch, against } = entry.told === null ? noRefs : (JSON.parse(entry.told) as typeof noRefs);
    const refs = [
      ...(branch === null ? [] : [`refs/heads/${branch}`]),
      ...(against === null ? [] : [`refs/heads/${against}`, `refs/remotes/${against}`]),
    ];
    const wanted = new Set([gitDir, join(gitDir, "logs"), ...refs.map((ref) => dirname(join(commonDir, ref)))]);
    for (const [folder, watcher] of entry.watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      entry.watchers.delete(folder);
    }
    for (const folder of wanted) if (!entry.watchers.has(folder)) await this.#watchFolder(entry, folder);
  }

  async #watchFolder(entry: Entry, folder: string): Promise<void> {
    const isFolder = await stat(folder).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (!isFolder || entry.end.signal.aborted) return;
    const drop = () => {
      entry.watchers.get(folder)?.close();
      entry.watchers.delete(folder);
    };
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        // Git writes beside a file and then renames.
        if (name?.endsWith(".lock")) return;
        entry.settling ??= setTimeout(() => {
          entry.settling = undefined;
          void this.#read(entry);
        }, this.#options.settleMs ?? SETTLE_MS).unref();
      });
      watcher.on("error", drop);
      entry.watchers.set(folder, watcher);
    } catch {
      // There are no watches left, or none on this file system: it is read from time to time.
    }
  }
}

const noRefs: Pick<Standing, "branch" | "against"> = { branch: null, against: null };
