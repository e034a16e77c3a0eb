import type { WebSocket } from "ws";
import { TallyError } from "../../../protocol/errors.ts";
import type { PtyInfo } from "../../../protocol/ptyhost.ts";
import type { PtyHosts } from "../../sessions/pty-hosts.ts";

/** What runs in a terminal. */
export interface TerminalProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** What is the person's; the host remembers it, and nobody else does. */
  readonly given: Readonly<Record<string, string>>;
  /** Over that, for this program alone. */
  readonly env: Readonly<Record<string, string>>;
}

/** Until somebody looks at it, whose size it gets then. */
const UNSIZED = { cols: 80, rows: 24 };
/** The host answers when all is over, and is not waited for much longer than this. */
const MAX_GRACE_MS = 10_000;

/** The terminals of processes, in the pty hosts. Each has the id of its process, and stays when its program has ended. */
export class ProcessTerminals {
  readonly #hosts: PtyHosts;
  readonly #graceMs: number;

  constructor(hosts: PtyHosts, graceMs: number) {
    this.#hosts = hosts;
    this.#graceMs = Math.min(graceMs, MAX_GRACE_MS);
  }

  has(id: string): boolean {
    return this.#hosts.has(id);
  }

  /** Whether one that {@link has} does not know may be in a host that cannot be reached just now. */
  mayHave(id: string): boolean {
    return this.has(id) || !this.#hosts.isComplete;
  }

  /** Runs a program there, in place of the one that runs or has run. @throws {TallyError} when it cannot be started */
  async run(id: string, generation: number, { file, args, cwd, given, env }: TerminalProgram): Promise<PtyInfo> {
    const program = { file, args: [...args], cwd };
    if (!this.has(id)) await this.#create(id, { ...program, env: { ...given } });
    const { pty } = await this.#hosts.hostOf(id).call("replace", {
      ...program,
      ptyId: id,
      generation,
      env: { ...given, ...env },
      graceMs: this.#graceMs,
      unlessInputWithinMs: 0,
      endsSession: true,
    });
    return pty;
  }

  /** Ends its program, and what that has left running there. Resolves once all has ended. */
  async end(id: string, force: boolean): Promise<void> {
    await this.#hosts.hostOf(id).call("end", { ptyId: id, graceMs: force ? 0 : this.#graceMs });
  }

  async kill(id: string): Promise<void> {
    await this.#hosts.hostOf(id).call("signal", { ptyId: id, signal: "SIGKILL" });
  }

  /** Lets its host go when nothing else needs that. */
  async release(id: string): Promise<void> {
    await this.#hosts.hostOf(id).call("release", { ptyId: id });
  }

  /** Does away with one whose program has ended. */
  async forget(id: string): Promise<void> {
    if (!this.has(id)) return;
    await this.#hosts.hostOf(id).call("forget", { ptyId: id });
    this.#hosts.forget(id);
  }

  /** The person's environment, as it was given for the first program. */
  async environment(id: string): Promise<Record<string, string>> {
    return (await this.#hosts.hostOf(id).call("environment", { ptyId: id })).env;
  }

  /** @throws {TallyError} `not-attachable` */
  output(id: string, format: "ansi" | "text"): Promise<{ data: string; cols: number; rows: number }> {
    return this.#shown(id).call("output", { ptyId: id, format });
  }

  /** What opens a viewer's way to it. @throws {TallyError} `not-attachable` */
  viewerOf(id: string): () => WebSocket {
    const host = this.#shown(id);
    return () => host.openTerminal(id);
  }

  #shown(id: string) {
    if (this.mayHave(id)) return this.#hosts.hostOf(id);
    throw new TallyError(
      "not-attachable",
      "It has no terminal: it has not run, or what held its terminal has ended. Start it first.",
    );
  }

  /** Nothing runs there yet, so that what the host remembers is the person's environment alone. */
  async #create(id: string, first: { file: string; args: string[]; cwd: string; env: Record<string, string> }) {
    const host = await this.#hosts.hostFor(id);
    try {
      await host.call("create", { ...first, ...UNSIZED, ptyId: id, awaitViewerMs: 0, hold: true });
    } catch (error) {
      this.#hosts.forget(id);
      throw error;
    }
  }
}
