import { messageOf } from "../protocol/message-of.ts";
import type { PtyHostParams, PtyHostResult, PtyInfo } from "../protocol/ptyhost.ts";
import type { ViewerMessage } from "../protocol/terminal.ts";
import type { Clock } from "./clock.ts";
import { endGently } from "./end-gently.ts";
import { handOver } from "./hand-over.ts";
import type { Hosted } from "./hosted.ts";
import { InputLine } from "./input-line.ts";
import { OutputBatch } from "./output-batch.ts";
import { Program, noWords } from "./program.ts";
import type { ProgramWords } from "./program-signals.ts";
import { PtyHostError } from "./pty-host-error.ts";
import { findSpawnProblem, type Command, type ProcessExit, type PtySignal } from "./pty-process.ts";
import { Screen } from "./screen.ts";
import type { TerminalSize } from "./terminal-model.ts";
import type { ViewerConnection } from "./viewer.ts";
import { Viewers, type ViewerHandle } from "./viewers.ts";

export interface PtyOptions {
  readonly request: PtyHostParams<"create">;
  readonly clock: Clock;
  /** Called with every change of `info`. */
  readonly onChanged: (info: PtyInfo) => void;
  readonly onError: (error: unknown) => void;
}

type ReplaceRequest = PtyHostParams<"replace">;

/** A program takes the place of another. */
interface Replacement {
  readonly request: ReplaceRequest;
  /** The signal that somebody has ended the pty with meanwhile: then nothing is started. */
  endedBy: PtySignal | null;
}

const noExit: ProcessExit = { exitCode: null, signal: null };

/** One pseudoterminal from its creation until it is forgotten: its program and those that replace it, the screen and the viewers. */
export class Pty implements Hosted {
  readonly created = Promise.resolve();
  #info: Omit<PtyInfo, keyof ProgramWords | "replacing">;
  readonly #options: PtyOptions;
  readonly #screen: Screen;
  readonly #viewers: Viewers;
  readonly #batch: OutputBatch;
  readonly #input: InputLine;
  #program: Program | null = null;
  #replacement: Replacement | null = null;
  #replaced: Promise<void> = Promise.resolve();
  #awaitTimer: NodeJS.Timeout | null = null;
  #hasWritten = false;
  #pausedByViewers = false;
  #pausedByScreen = false;
  #disposed = false;
  #isReleased = false;

  /**
   * Starts the program, waits for a viewer to do so, or holds it until it is replaced. Throws `spawn-failed` when the program cannot
   * be started as far as one can know.
   */
  constructor(options: PtyOptions) {
    const { request, clock, onError } = options;
    if (!request.hold) checkCanStart(request);
    this.#options = options;
    this.#info = {
      ptyId: request.ptyId,
      phase: request.hold ? "held" : "pending",
      generation: 0,
      pid: null,
      ...noExit,
      exitedAt: null,
      spawnError: null,
    };
    const size = { cols: clampDimension(request.cols), rows: clampDimension(request.rows) };
    this.#batch = new OutputBatch((frame) => this.#viewers.deliver(frame));
    this.#screen = new Screen(size, {
      onAnswer: (answer) => this.#program?.answer(answer),
      onCursorQuery: () => this.#viewers.cursorQueried(),
      onError,
      onOverload: (overloaded) => {
        this.#pausedByScreen = overloaded;
        this.#regulateReading();
      },
    });
    this.#input = new InputLine({
      screen: this.#screen,
      clock,
      program: () => (this.#replacement ? null : this.#program),
    });
    this.#viewers = new Viewers(size, {
      screen: this.#screen,
      now: () => clock.now(),
      flushOutput: () => this.#batch.flush(),
      hasWritten: () => this.#hasWritten,
      onInput: (input) => this.#input.receive(input),
      onSize: (changed) => this.#resize(changed),
      onContinue: () => this.#program?.continue(),
      onPause: (paused) => {
        this.#pausedByViewers = paused;
        this.#regulateReading();
      },
    });
    if (request.hold) return;
    if (request.awaitViewerMs > 0) this.#awaitTimer = setTimeout(() => this.#startFirst(), request.awaitViewerMs);
    else this.#start(request, 1);
  }

  get info(): PtyInfo {
    return {
      ...this.#info,
      replacing: this.#replacement?.request.generation ?? null,
      ...(this.#program?.words ?? noWords),
    };
  }

  /** Whether it has exited and stays so. */
  get isOver(): boolean {
    return this.#info.phase === "exited" && !this.#replacement;
  }

  /** Whether the host has to stay for it. */
  get isNeeded(): boolean {
    return !(this.isOver && this.#isReleased);
  }

  /** The variables that the first program got, or would have. */
  get environment(): Readonly<Record<string, string>> {
    return this.#options.request.env;
  }

  attach(connection: ViewerConnection, message: Extract<ViewerMessage, { type: "attach" }>): ViewerHandle {
    const handle = this.#viewers.attach(connection, message);
    if (this.#info.phase === "pending" && !this.#replacement) this.#startFirst();
    return handle;
  }

  /** Signals the program as its terminal would; one that has not started yet never will. */
  signal(signal: PtySignal): void {
    const isRunning = this.#info.phase === "running";
    if (this.#replacement && !(isRunning && signal === "SIGINT")) this.#replacement.endedBy = signal;
    else if (!isRunning && this.#info.phase !== "exited") this.#ended({ exitCode: null, signal });
    this.#program?.signal(signal);
  }

  hangUp(): Promise<void> {
    this.signal("SIGHUP");
    return Promise.resolve();
  }

  /**
   * Runs another program in place of this one, once for each generation. Throws `spawn-failed` when a program that runs would have to
   * end for one that cannot be started.
   */
  async replace(request: ReplaceRequest): Promise<PtyHostResult<"replace">["outcome"]> {
    while (this.#replacement) await this.#replaced;
    if (request.generation <= this.#info.generation) return "replaced";
    if (this.#info.phase === "running") {
      if (this.#input.isTyping(request.unlessInputWithinMs)) return "typing";
      checkCanStart(this.#commandOf(request));
    }
    const replacement: Replacement = { request, endedBy: null };
    this.#replacement = replacement;
    this.#replaced = this.#carryOut(replacement).finally(() => (this.#replacement = null));
    await this.#replaced;
    return "replaced";
  }

  /** Ends the program and all of its session, and starts none in its place. Resolves once all of it has ended. */
  async end(graceMs: number): Promise<void> {
    while (this.#replacement) {
      this.#replacement.endedBy = "SIGTERM";
      await this.#replaced;
    }
    if (this.#info.phase === "held" || this.#info.phase === "pending") this.signal("SIGTERM");
    if (this.#program) await endGently(this.#program, { graceMs, everything: true }, this.#options.clock);
    await this.#caughtUp();
  }

  /** Its exit is known: it stays for whoever looks or starts it anew, and is no reason for the host to stay. */
  release(): void {
    this.#isReleased = true;
  }

  /** What is on the screen once everything the program wrote so far is. */
  output(format: "ansi" | "text"): Promise<{ data: string } & TerminalSize> {
    return this.#whenDrawn(() => {
      const data = format === "ansi" ? this.#screen.snapshot() : this.#screen.text();
      return { data, ...this.#screen.size };
    });
  }

  /** The visible rows once everything the program wrote so far is on them. */
  visibleRows(): Promise<string> {
    return this.#whenDrawn(() => this.#screen.visibleRows());
  }

  /** Frees the screen and sends the viewers away. */
  dispose(): void {
    this.#disposed = true;
    this.#stopWaiting();
    this.#program?.close();
    this.#viewers.closeAll(1001, "forgotten");
    this.#screen.dispose();
  }

  #whenDrawn<T>(read: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#disposed) throw new PtyHostError("pty-not-found", `pty ${this.#info.ptyId} was forgotten`);
      this.#screen.whenCaughtUp(() => {
        try {
          resolve(read());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }

  #startFirst(): void {
    this.#stopWaiting();
    this.#startLate(this.#options.request, 1);
  }

  /** Starts a program when its creation was answered long ago: that it cannot be started is told as its exit. */
  #startLate(command: Command, generation: number): void {
    try {
      checkCanStart(command);
      this.#start(command, generation);
    } catch (error) {
      this.#closeProgram();
      const spawnError = messageOf(error);
      this.#ended(noExit, { generation, pid: null, spawnError });
    }
  }

  #start(command: Command, generation: number): void {
    try {
      const program: Program = new Program({
        command,
        size: this.#viewers.size,
        clock: this.#options.clock,
        onOutput: (bytes) => this.#show(bytes, !this.#viewers.answer),
        onWords: () => this.#options.onChanged(this.info),
        onExit: () => this.#exited(program),
      });
      this.#closeProgram();
      this.#program = program;
      this.#input.restart();
    } catch (error) {
      throw new PtyHostError("spawn-failed", messageOf(error));
    }
    const { pid } = this.#program;
    this.#isReleased = false;
    this.#change({ phase: "running", generation, pid, ...noExit, exitedAt: null, spawnError: null });
    this.#regulateReading();
  }

  #closeProgram(): void {
    this.#program?.close();
    this.#program = null;
  }

  #commandOf({ file, args, env, cwd }: ReplaceRequest): Command {
    const { request } = this.#options;
    return { file, args, cwd: cwd ?? request.cwd, env: { ...request.env, ...env } };
  }

  /** Everything between two programs happens here, so that it goes on whoever goes away. */
  async #carryOut(replacement: Replacement): Promise<void> {
    const { request } = replacement;
    const { generation, graceMs, endsSession: everything = false } = request;
    this.#stopWaiting();
    this.#viewers.restarted();
    if (this.#program) await endGently(this.#program, { graceMs, everything }, this.#options.clock);
    await this.#caughtUp();
    if (this.#hasWritten) {
      const left = { title: this.#screen.hasTitle, progress: this.info.signals.progress !== null };
      this.#show(Buffer.from(handOver(this.#screen.restore(), left)));
      await this.#caughtUp();
      this.#show(Buffer.from(this.#screen.toFreeLine()));
    }
    const { endedBy } = replacement;
    if (endedBy === null) this.#startLate(this.#commandOf(request), generation);
    else this.#ended(this.#program?.exit ?? { exitCode: null, signal: endedBy }, { generation });
  }

  #show(bytes: Buffer, answers = false): void {
    if (bytes.length === 0) return;
    this.#hasWritten = true;
    this.#screen.write(bytes, answers);
    this.#batch.push(bytes);
  }

  #caughtUp(): Promise<void> {
    return new Promise((resolve) => this.#screen.whenCaughtUp(resolve));
  }

  #exited(program: Program): void {
    this.#batch.flush();
    // Not before the last bytes are drawn: whoever hears of the end may ask for them.
    this.#screen.whenCaughtUp(() => {
      if (program.exit && !this.#replacement) this.#ended(program.exit, { spawnError: program.execFailure });
    });
  }

  #ended(exit: ProcessExit, change: Partial<PtyInfo> = {}): void {
    this.#stopWaiting();
    this.#program?.close();
    this.#change({ phase: "exited", ...exit, exitedAt: this.#options.clock.now(), ...change });
    this.#viewers.exited(exit);
  }

  #resize(size: TerminalSize): void {
    this.#screen.resize(size);
    this.#program?.resize(size);
  }

  #regulateReading(): void {
    this.#program?.rest(this.#pausedByViewers || this.#pausedByScreen);
  }

  #stopWaiting(): void {
    if (this.#awaitTimer) clearTimeout(this.#awaitTimer);
    this.#awaitTimer = null;
  }

  #change(change: Partial<PtyInfo>): void {
    this.#info = { ...this.#info, ...change };
    this.#options.onChanged(this.info);
  }
}

function checkCanStart(command: Command): void {
  const problem = findSpawnProblem(command);
  if (problem !== null) throw new PtyHostError("spawn-failed", problem);
}

function clampDimension(value: number): number {
  return Math.min(Math.max(value, 1), 2000);
}
