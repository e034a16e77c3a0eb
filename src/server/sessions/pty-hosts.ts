import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { readdir, readFile, unlink } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TallyError } from "../../protocol/errors.ts";
import type { TallyHome } from "../../protocol/home.ts";
import {
  PTY_HOST_PROTOCOL,
  type PtyHostFile,
  ptyHostFileSchema,
  type PtyInfo,
  RUN_VARIABLE,
} from "../../protocol/ptyhost.ts";
import type { Log } from "../log.ts";
import { isAlive } from "../../protocol/liveness.ts";
import { connectPtyHost, type PtyHostConnection } from "./pty-host-connection.ts";

export interface PtyHostsOptions {
  readonly home: TallyHome;
  readonly log: Log;
  /** The program of a new host. */
  readonly entry: string;
  readonly execPath: string;
  readonly version: string;
  readonly onChanged: (pty: PtyInfo) => void;
  /** Every host that lives is connected again, after one was not: what {@link PtyHosts.has} does not know is gone. */
  readonly onSettled: () => void;
}

const START_TIMEOUT_MS = 10_000;
const LOOK_AGAIN_MS = 10;
const RECONNECT_MS = 200;
/** A host that refuses connections for so long has ended. */
const GONE_AFTER_MS = 5_000;

/**
 * The pty hosts of this TALLY_HOME. There may be several: an older one keeps serving the sessions that it has, while
 * new ones start in a host of our own version.
 */
export class PtyHosts {
  readonly #options: PtyHostsOptions;
  readonly #connections = new Map<number, PtyHostConnection>();
  /** Which host has which pty. */
  readonly #hostOf = new Map<string, number>();
  /** Hosts that live, but cannot be reached just now. */
  readonly #unreachable = new Set<number>();
  #starting: Promise<PtyHostConnection> | undefined;
  #stopped = false;

  constructor(options: PtyHostsOptions) {
    this.#options = options;
  }

  /**
   * Finds the hosts that run, and returns the ptys they have. One that lives and does not answer is tried again in the
   * background; {@link isComplete} says whether there is such a one.
   */
  async discover(): Promise<PtyInfo[]> {
    const files = await this.#readFiles();
    const connections = await Promise.all(
      files.map(async (file) => {
        const connection = await this.#connect(file);
        if (!connection) void this.#reconnect(file);
        return connection;
      }),
    );
    return connections.flatMap((connection) => connection?.ptys ?? []);
  }

  /** False while a host that lives cannot be reached: what is not known here may be there. */
  get isComplete(): boolean {
    return this.#unreachable.size === 0;
  }

  /** Resolves once {@link isComplete}, or when a host cannot be reached for longer than one that has ended is taken for alive. */
  async untilComplete(): Promise<void> {
    const deadline = Date.now() + GONE_AFTER_MS + RECONNECT_MS * 5;
    while (!this.isComplete && !this.#stopped && Date.now() < deadline) await delay(RECONNECT_MS / 2);
  }

  /** The host that has this pty. @throws {TallyError} `pty-host-unavailable` */
  hostOf(ptyId: string): PtyHostConnection {
    const connection = this.#connections.get(this.#hostOf.get(ptyId) ?? -1);
    if (connection) return connection;
    throw new TallyError("pty-host-unavailable", "The process that holds this terminal is not reachable. Try again.");
  }

  /** Whether a reachable host has this pty, running or exited. */
  has(ptyId: string): boolean {
    return this.#connections.has(this.#hostOf.get(ptyId) ?? -1);
  }

  /** The host for a new pty, started when there is none of our version. */
  async hostFor(ptyId: string): Promise<PtyHostConnection> {
    const host = await this.#current();
    this.#hostOf.set(ptyId, host.file.pid);
    return host;
  }

  forget(ptyId: string): void {
    this.#hostOf.delete(ptyId);
  }

  summary(): { pid: number; version: string; ptys: number }[] {
    return [...this.#connections.values()].map(({ file }) => ({
      pid: file.pid,
      version: file.version,
      ptys: [...this.#hostOf.values()].filter((pid) => pid === file.pid).length,
    }));
  }

  /** Lets go of all hosts; they and their sessions run on. */
  stop(): void {
    this.#stopped = true;
    for (const connection of this.#connections.values()) connection.close();
  }

  async #current(): Promise<PtyHostConnection> {
    for (const connection of this.#connections.values()) {
      const { protocol, version } = connection.file;
      if (protocol === PTY_HOST_PROTOCOL && version === this.#options.version) return connection;
    }
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  async #start(): Promise<PtyHostConnection> {
    const { home, entry, execPath, log } = this.#options;
    mkdirSync(home.logs, { recursive: true, mode: 0o700 });
    const out = openSync(home.ptyHostLog, "a", 0o600);
    // A gateway that was started from within a run: its hosts outlive that.
    const { [RUN_VARIABLE]: _, ...inherited } = process.env;
    const child = spawn(execPath, [entry], {
      cwd: home.root,
      detached: true,
      windowsHide: true,
      stdio: ["ignore", out, out],
      env: { ...inherited, TALLY_HOME: home.root, ELECTRON_RUN_AS_NODE: "1" },
    });
    closeSync(out);
    child.unref();
    let ended: string | undefined;
    child.on("error", (error) => (ended = error.message));
    child.on("exit", (code, signal) => (ended = signal ?? `exit code ${code ?? "unknown"}`));
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (ended === undefined && Date.now() < deadline) {
      const file = child.pid === undefined ? null : await this.#readFile(`${child.pid}.json`);
      if (file) {
        const connection = await this.#connect(file);
        if (connection) {
          log.info("pty host started", { pid: file.pid });
          return connection;
        }
      }
      await delay(LOOK_AGAIN_MS);
    }
    throw new TallyError(
      "pty-host-unavailable",
      `The process that holds the terminals did not start (${ended ?? "no answer"}). Look into ${home.ptyHostLog}`,
    );
  }

  async #connect(file: PtyHostFile): Promise<PtyHostConnection | null> {
    try {
      const connection = await connectPtyHost(file, {
        changed: (pty) => {
          // Whoever is told may have closed the store by then.
          if (!this.#stopped) this.#options.onChanged(pty);
        },
        closed: () => {
          if (this.#connections.delete(file.pid) && !this.#stopped) void this.#reconnect(file);
        },
      });
      this.#connections.set(file.pid, connection);
      for (const { ptyId } of connection.ptys) this.#hostOf.set(ptyId, file.pid);
      return connection;
    } catch (error) {
      this.#options.log.warn("pty host not reachable", { pid: file.pid, error });
      return null;
    }
  }

  /** A connection broke, or could not be made: the host is connected to again, or it is gone with all its ptys. */
  async #reconnect(file: PtyHostFile): Promise<void> {
    this.#unreachable.add(file.pid);
    const refusedUntil = Date.now() + GONE_AFTER_MS;
    let connection: PtyHostConnection | null = null;
    while (!this.#stopped && !connection && (await this.#mayLive(file, refusedUntil))) {
      await delay(RECONNECT_MS);
      connection = await this.#connect(file);
    }
    this.#unreachable.delete(file.pid);
    if (this.#stopped) return;
    for (const pty of connection?.ptys ?? []) this.#options.onChanged(pty);
    if (!connection) {
      for (const [ptyId, pid] of this.#hostOf) if (pid === file.pid) this.#hostOf.delete(ptyId);
      this.#options.log.info("pty host gone", { pid: file.pid });
    }
    if (this.isComplete) this.#options.onSettled();
  }

  /**
   * A host that hangs lives, however long it takes. One whose socket refuses has ended, although its pid may be another
   * process's by now, or wait to be reaped.
   */
  async #mayLive(file: PtyHostFile, refusedUntil: number): Promise<boolean> {
    if (!isAlive(file.pid) || !(await this.#readFile(`${file.pid}.json`))) return false;
    return Date.now() < refusedUntil || (await this.#listens(file));
  }

  #listens(file: PtyHostFile): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(file.socketPath);
      socket.on("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
  }

  async #readFiles(): Promise<PtyHostFile[]> {
    const names = await readdir(this.#options.home.ptyHosts).catch(() => []);
    const files: PtyHostFile[] = [];
    for (const name of names.filter((each) => each.endsWith(".json"))) {
      const file = await this.#readFile(name);
      if (file && isAlive(file.pid)) files.push(file);
      else await unlink(join(this.#options.home.ptyHosts, name)).catch(() => undefined);
    }
    return files;
  }

  async #readFile(name: string): Promise<PtyHostFile | null> {
    try {
      return ptyHostFileSchema.parse(JSON.parse(await readFile(join(this.#options.home.ptyHosts, name), "utf8")));
    } catch {
      // Not there yet, or removed by its host as it ended.
      return null;
    }
  }
}
