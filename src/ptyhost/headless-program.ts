import { messageOf } from "../protocol/message-of.ts";
import type { PtyHostParams, PtyHostResult, PtyInfo } from "../protocol/ptyhost.ts";
import { endGently } from "./end-gently.ts";
import { FilesProcess } from "./files-process.ts";
import type { Hosted } from "./hosted.ts";
import { noWords } from "./program.ts";
import type { ProgramFiles } from "./program-files.ts";
import { PtyHostError } from "./pty-host-error.ts";
import { findSpawnProblem, type ProcessExit, type PtySignal } from "./pty-process.ts";
import type { PtyOptions } from "./pty.ts";

export interface HeadlessProgramOptions extends Omit<PtyOptions, "onError"> {
  readonly files: ProgramFiles;
}

/** A program without a terminal, from its creation until it is forgotten. It runs once, and is replaced by no other. */
export class HeadlessProgram implements Hosted {
  readonly #options: HeadlessProgramOptions;
  readonly #process: FilesProcess;
  readonly #exited: Promise<void>;
  readonly created: Promise<void>;
  #info: PtyInfo;
  #isReleased = false;

  /** Starts the program. Throws `spawn-failed` when that cannot be done as far as one can know; what only the system finds out rejects `created`. */
  constructor(options: HeadlessProgramOptions) {
    const { request, files } = options;
    const problem = request.hold ? "a program without a terminal cannot be held" : findSpawnProblem(request);
    if (problem !== null) throw new PtyHostError("spawn-failed", problem);
    this.#options = options;
    this.#info = {
      ptyId: request.ptyId,
      phase: "pending",
      generation: 1,
      replacing: null,
      pid: null,
      exitCode: null,
      signal: null,
      exitedAt: null,
      spawnError: null,
      ...noWords,
    };
    let exited = () => {};
    let created = () => {};
    let failed: (error: Error) => void = () => {};
    this.#exited = new Promise((resolve) => (exited = resolve));
    this.created = new Promise((resolve, reject) => ([created, failed] = [resolve, reject]));
    try {
      this.#process = new FilesProcess({
        command: request,
        files,
        runId: request.ptyId,
        onStarted: (pid) => {
          this.#change({ phase: "running", pid });
          created();
        },
        onFailed: (error) => {
          failed(new PtyHostError("spawn-failed", `${request.file} could not be started: ${error.message}`));
          exited();
        },
        onExit: (exit) => {
          this.#ended(exit);
          exited();
        },
      });
    } catch (error) {
      throw new PtyHostError("spawn-failed", messageOf(error));
    }
  }

  get info(): PtyInfo {
    return this.#info;
  }

  get isOver(): boolean {
    return this.#info.phase === "exited";
  }

  get isNeeded(): boolean {
    return !(this.isOver && this.#isReleased);
  }

  get environment(): Readonly<Record<string, string>> {
    return this.#options.request.env;
  }

  signal(signal: PtySignal): void {
    this.#process.signal(signal);
  }

  /** No terminal ends with the host that would end it: the host does that itself. */
  hangUp(graceMs: number): Promise<void> {
    return this.end(graceMs);
  }

  replace(request: PtyHostParams<"replace">): Promise<never> {
    return Promise.reject(
      new PtyHostError("invalid-request", `${request.ptyId} has no terminal in which another program could follow`),
    );
  }

  async end(graceMs: number): Promise<void> {
    const program = {
      groups: (everything: boolean) => this.#process.groups(everything),
      signal: (signal: PtySignal) => this.#process.signal(signal),
      exited: this.#exited,
    };
    await endGently(program, { graceMs, everything: true }, this.#options.clock);
  }

  release(): void {
    this.#isReleased = true;
  }

  /** What it writes is in its files. */
  output(): Promise<PtyHostResult<"output">> {
    const { cols, rows } = this.#options.request;
    return Promise.resolve({ data: "", cols, rows });
  }

  visibleRows(): Promise<string> {
    return Promise.resolve("");
  }

  dispose(): void {
    // It holds nothing: its files were closed when it had been given them.
  }

  #ended(exit: ProcessExit): void {
    this.#change({ phase: "exited", ...exit, exitedAt: this.#options.clock.now() });
  }

  #change(change: Partial<PtyInfo>): void {
    this.#info = { ...this.#info, ...change };
    this.#options.onChanged(this.#info);
  }
}
