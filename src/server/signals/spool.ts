import { type FSWatcher, watch } from "node:fs";
import { chmod, mkdir, readdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "../../protocol/liveness.ts";
import type { Log } from "../log.ts";
import { byAge, codeOf, readPayload, REJECTED, removeFile, removeRemains, setAside } from "./spool-files.ts";
import { parseSpoolName, type SpoolName } from "./spool-names.ts";

/** A watch may miss something, and tells nothing of a process that was killed. */
const SWEEP_EVERY_MS = 5_000;
/** While a hook waits: it may be killed, and then nobody takes the question back. */
const SWEEP_ASKING_EVERY_MS = 1_000;
/** Where the system gives us no watch (all in use, a network file system). */
const SWEEP_UNWATCHED_EVERY_MS = 500;

/** What a hook handed over. */
export interface SpooledHook {
  readonly sessionId: string;
  readonly channel: string;
  /** Its stdin as JSON; null when that was empty. */
  readonly payload: unknown;
  /** When it was written, milliseconds since the epoch. */
  readonly at: number;
  /** The process that ran the hook. */
  readonly agentPid: number;
  /** Set while the hook waits for an answer. */
  readonly ask: { readonly id: string } | null;
}

export interface SpoolOptions {
  readonly folder: string;
  readonly log: Pick<Log, "warn">;
  readonly now?: () => number;
  /** Once it returns, the hook counts as taken; what it throws on is left to the next gateway, but a question is let go. */
  readonly onHook: (hook: SpooledHook) => void;
  /** Nobody waits for this answer any more, and it was not us who gave it. */
  readonly onAskGone: (askId: string) => void;
}

interface Ask extends SpoolName {
  /** From then on nobody else may answer, although its file is still there. */
  isSettled: boolean;
}

/** The folder through which hooks reach the gateway: `hook-lines.ts` writes what is read here. */
export class Spool {
  readonly #options: Required<SpoolOptions>;
  readonly #asks = new Map<string, Ask>();
  /** Names of files that stay where they are and are not looked at again. */
  readonly #leftAlone = new Set<string>();
  readonly #warnings = new Set<string>();
  #watch: { readonly watcher: FSWatcher; readonly inode: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sweeps: Promise<void> = Promise.resolve();
  #scans: Promise<void> = Promise.resolve();
  #isScanDue = false;
  #isStopped = false;

  constructor(options: SpoolOptions) {
    this.#options = { now: Date.now, ...options };
  }

  /** Takes what arrived while no gateway ran, oldest first, then whatever comes. Settles once the former is taken. */
  start(): Promise<void> {
    return (this.#sweeps = this.#sweep());
  }

  /** After this nothing is delivered. What waits, waits for the next gateway. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#unwatch();
    await Promise.all([this.#sweeps, this.#scans]);
  }

  /** Whether somebody waits for this answer. What a former gateway knew of, and this is false for, is over. */
  isAsking(askId: string): boolean {
    return this.#asks.get(askId)?.isSettled === false;
  }

  /** Answers: the hook prints `output`. False when nobody waits for it any more. */
  async reply(askId: string, output: string): Promise<boolean> {
    return this.#settle(askId, async (path) => {
      const temporary = join(this.#options.folder, `.${askId}.ask.reply.tmp`);
      await writeFile(temporary, output, { mode: 0o600 });
      await rename(temporary, `${path}.reply`);
      // Taken back in this very moment: then the reply is not read any more.
      const isTaken = await removeFile(path);
      if (!isTaken) await removeFile(`${path}.reply`);
      return isTaken;
    });
  }

  /** Lets the hook go without an answer. Works on a full disk, too. */
  async release(askId: string): Promise<boolean> {
    return this.#settle(askId, removeFile);
  }

  /** Removes whatever hooks of a session left; those that wait are let go. */
  async forget(sessionId: string): Promise<void> {
    try {
      for (const [askId, ask] of this.#asks) if (ask.sessionId === sessionId) await this.release(askId);
      for (const name of await this.#names()) {
        if (parseSpoolName(name)?.sessionId === sessionId) await removeFile(join(this.#options.folder, name));
      }
    } catch (error) {
      this.#warnOnce("what is left of a session cannot be removed", error);
    }
  }

  async #settle(askId: string, end: (path: string) => Promise<boolean>): Promise<boolean> {
    const ask = this.#asks.get(askId);
    if (!ask || ask.isSettled) return false;
    ask.isSettled = true;
    try {
      if (!isAlive(ask.hookPid)) await this.#lose(ask);
      // Kept until its file is away, so that a scan does not take it for a new one.
      else if (await end(this.#path(ask))) return this.#asks.delete(askId);
    } catch (error) {
      this.#options.log.warn("an answer could not be handed to its hook", { askId, error });
    }
    ask.isSettled = false;
    return false;
  }

  /** The asker is gone. */
  async #lose(ask: SpoolName): Promise<void> {
    if (!this.#asks.delete(ask.base)) return;
    await removeFile(this.#path(ask));
    await removeFile(`${this.#path(ask)}.reply`);
    if (!this.#isStopped) this.#options.onAskGone(ask.base);
  }

  #path(ask: SpoolName): string {
    return join(this.#options.folder, `${ask.base}.ask`);
  }

  /** Makes sure of the folder and its watch, takes what a watch missed, and clears up after processes that were killed. */
  async #sweep(): Promise<void> {
    if (this.#isStopped) return;
    try {
      await this.#watchFolder();
      await this.#scan();
      for (const ask of this.#asks.values()) if (!ask.isSettled && !isAlive(ask.hookPid)) await this.#lose(ask);
      await removeRemains(this.#options.folder, await this.#names(), this.#options.now());
    } catch (error) {
      this.#warnOnce("the spool cannot be read", error);
    }
    this.#sweepAgain();
  }

  #sweepAgain(): void {
    if (this.#isStopped) return;
    const everyMs = !this.#watch
      ? SWEEP_UNWATCHED_EVERY_MS
      : this.#asks.size > 0
        ? SWEEP_ASKING_EVERY_MS
        : SWEEP_EVERY_MS;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void (this.#sweeps = this.#sweep()), everyMs).unref();
  }

  async #watchFolder(): Promise<void> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    const { ino } = await stat(folder);
    if (this.#watch?.inode === ino || this.#isStopped) return;
    this.#unwatch();
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (!name?.startsWith(".")) void this.#scan();
      });
      watcher.on("error", () => this.#unwatch());
      this.#watch = { watcher, inode: ino };
    } catch (error) {
      this.#warnOnce("the spool cannot be watched and is polled", error);
    }
  }

  /** What fails, fails again with every sweep. */
  #warnOnce(message: string, error: unknown): void {
    const code = codeOf(error);
    if (this.#warnings.has(message + code)) return;
    this.#warnings.add(message + code);
    this.#options.log.warn(message, { folder: this.#options.folder, error: code });
  }

  #unwatch(): void {
    this.#watch?.watcher.close();
    this.#watch = undefined;
  }

  /** One scan after the other; calls while one waits for its turn are that one. */
  #scan(): Promise<void> {
    if (this.#isScanDue) return this.#scans;
    this.#isScanDue = true;
    this.#scans = this.#scans.then(async () => {
      this.#isScanDue = false;
      try {
        await this.#takeAll();
      } catch (error) {
        this.#warnOnce("the spool cannot be read", error);
      }
    });
    return this.#scans;
  }

  async #names(): Promise<string[]> {
    const names = await readdir(this.#options.folder).catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    });
    return names.filter((name) => name !== REJECTED);
  }

  async #takeAll(): Promise<void> {
    const { folder } = this.#options;
    const names = (await this.#names()).filter((name) => !name.startsWith("."));
    for (const name of this.#leftAlone) if (!names.includes(name)) this.#leftAlone.delete(name);
    const found = [];
    for (const name of names) {
      if (this.#leftAlone.has(name)) continue;
      const parsed = parseSpoolName(name);
      if (parsed === undefined) await this.#refuse(name, "its name is none of a hook");
      else if (parsed.kind !== "reply") found.push({ ...parsed, name, path: join(folder, name) });
    }
    for (const entry of await byAge(found)) {
      if (this.#isStopped) return;
      try {
        await this.#take(entry, entry.name);
      } catch (error) {
        // One that cannot be removed must neither come again and again nor hold up the rest.
        this.#leftAlone.add(entry.name);
        this.#options.log.warn("a file in the spool cannot be dealt with", { name: entry.name, error });
      }
    }
  }

  async #take(hook: SpoolName, name: string): Promise<void> {
    const isKnown = this.#asks.has(hook.base);
    if (hook.kind === "ask" && isKnown) return;
    // The asker gave up on us, and left what it asked as a report.
    if (hook.kind === "report" && isKnown) await this.#lose(hook);
    const path = join(this.#options.folder, name);
    if (hook.kind !== "gone" || !isKnown) {
      const content = await readPayload(path);
      if (content === "absent" || this.#isStopped) return;
      if ("refused" in content) {
        await this.#refuse(name, content.refused);
        return;
      }
      if (hook.kind !== "report") this.#asks.set(hook.base, { ...hook, isSettled: false });
      if (!this.#deliver(hook, content, name)) {
        // The agent must not wait for what cannot be answered.
        if (hook.kind === "ask") await this.release(hook.base);
        this.#asks.delete(hook.base);
        return;
      }
    }
    if (hook.kind === "ask") {
      this.#sweepAgain();
      if (!isAlive(hook.hookPid)) await this.#lose(hook);
      return;
    }
    await removeFile(path);
    if (hook.kind === "gone") await this.#lose(hook);
  }

  #deliver(hook: SpoolName, content: { payload: unknown; at: number }, name: string): boolean {
    const { sessionId, channel, agentPid, base, kind } = hook;
    try {
      this.#options.onHook({ sessionId, channel, agentPid, ...content, ask: kind === "report" ? null : { id: base } });
      return true;
    } catch (error) {
      this.#leftAlone.add(name);
      this.#options.log.warn("a hook could not be taken", { name, error });
      return false;
    }
  }

  async #refuse(name: string, why: string): Promise<void> {
    const { folder, log } = this.#options;
    log.warn("a file in the spool is not taken", { name, why });
    try {
      await setAside(folder, name);
    } catch (error) {
      this.#leftAlone.add(name);
      log.warn("it cannot be set aside either", { name, error: codeOf(error) });
    }
  }
}
