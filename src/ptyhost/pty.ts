import type { PtyHostParams, PtyInfo } from "../protocol/ptyhost.ts";
import type { ViewerMessage } from "../protocol/terminal.ts";
import type { Clock } from "./clock.ts";
import { isInteractiveShell } from "./interactive-shell.ts";
import { OutputBatch } from "./output-batch.ts";
import { isInForeground } from "./process-groups.ts";
import { ProgramSignals, type ProgramWords } from "./program-signals.ts";
import { PtyHostError } from "./pty-host-error.ts";
import { PtyProcess, findSpawnProblem, readExecFailure, type ProcessExit, type PtySignal } from "./pty-process.ts";
import { Screen } from "./screen.ts";
import type { TerminalSize } from "./terminal-model.ts";
import type { ViewerConnection } from "./viewer.ts";
import type { ProgramInput } from "./viewer-input.ts";
import { Viewers, type ViewerHandle } from "./viewers.ts";

/** An exec failure is one line; of anything longer the program is the author. */
const EXEC_FAILURE_BYTES = 300;

export interface PtyOptions {
  readonly request: PtyHostParams<"create">;
  readonly clock: Clock;
  /** Called with every change of `info`. */
  readonly onChanged: (info: PtyInfo) => void;
  readonly onError: (error: unknown) => void;
}

/** One pseudoterminal from its creation until it is forgotten: the program, its screen and its viewers. */
export class Pty {
  #info: Omit<PtyInfo, keyof ProgramWords>;
  readonly #options: PtyOptions;
  readonly #signals: ProgramSignals;
  readonly #screen: Screen;
  readonly #viewers: Viewers;
  readonly #batch: OutputBatch;
  #process: PtyProcess | null = null;
  #awaitTimer: NodeJS.Timeout | null = null;
  #head: Buffer = Buffer.alloc(0);
  #pausedByViewers = false;
  #pausedByScreen = false;
  #disposed = false;
  /** How much input waits for the screen: none may overtake it. */
  #waitingInputs = 0;

  /** Starts the program, or waits for a viewer to do so. Throws `spawn-failed` when the program cannot be started as far as one can know. */
  constructor(options: PtyOptions) {
    const { request, clock, onError } = options;
    const problem = findSpawnProblem(request);
    if (problem !== null) throw new PtyHostError("spawn-failed", problem);
    this.#options = options;
    this.#info = {
      ptyId: request.ptyId,
      phase: "pending",
      pid: null,
      exitCode: null,
      signal: null,
      exitedAt: null,
      spawnError: null,
    };
    const isShell = isInteractiveShell(request.file, request.args);
    this.#signals = new ProgramSignals({
      clock,
      onAnswer: (answer) => this.#process?.write(Buffer.from(answer)),
      onChanged: () => options.onChanged(this.info),
      isInForeground: isShell ? () => isInForeground(this.#info.pid ?? 0) : null,
    });
    const size = { cols: clampDimension(request.cols), rows: clampDimension(request.rows) };
    this.#batch = new OutputBatch((frame) => this.#viewers.deliver(frame));
    this.#screen = new Screen(size, {
      onAnswer: (answer) => this.#process?.write(Buffer.from(answer)),
      onCursorQuery: () => this.#viewers.cursorQueried(),
      onError,
      onOverload: (overloaded) => {
        this.#pausedByScreen = overloaded;
        this.#regulateReading();
      },
    });
    this.#viewers = new Viewers(size, {
      screen: this.#screen,
      now: () => clock.now(),
      flushOutput: () => this.#batch.flush(),
      hasWritten: () => this.#head.length > 0,
      onInput: (input) => this.#receive(input),
      onSize: (changed) => this.#resize(changed),
      onContinue: () => this.#process?.continue(),
      onPause: (paused) => {
        this.#pausedByViewers = paused;
        this.#regulateReading();
      },
    });
    if (request.awaitViewerMs > 0) this.#awaitTimer = setTimeout(() => this.#startLate(), request.awaitViewerMs);
    else this.#start();
  }

  get info(): PtyInfo {
    return { ...this.#info, ...this.#signals.words };
  }

  attach(connection: ViewerConnection, message: Extract<ViewerMessage, { type: "attach" }>): ViewerHandle {
    const handle = this.#viewers.attach(connection, message);
    if (this.#info.phase === "pending") this.#startLate();
    return handle;
  }

  /** Signals the program as its terminal would; one that has not started yet never will. */
  signal(signal: PtySignal): void {
    if (this.#info.phase === "pending") {
      this.#stopWaiting();
      this.#ended({ exitCode: null, signal });
    }
    this.#process?.signal(signal);
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
    this.#signals.end();
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

  #startLate(): void {
    this.#stopWaiting();
    try {
      const problem = findSpawnProblem(this.#options.request);
      if (problem !== null) throw new PtyHostError("spawn-failed", problem);
      this.#start();
    } catch (error) {
      this.#ended({ exitCode: null, signal: null }, error instanceof Error ? error.message : String(error));
    }
  }

  #start(): void {
    try {
      this.#process = new PtyProcess(this.#options.request, this.#viewers.size, {
        onData: (bytes) => this.#wrote(bytes),
        onExit: (exit) => this.#exited(exit),
      });
    } catch (error) {
      throw new PtyHostError("spawn-failed", error instanceof Error ? error.message : String(error));
    }
    this.#change({ phase: "running", pid: this.#process.pid });
  }

  #wrote(bytes: Buffer): void {
    if (this.#head.length < EXEC_FAILURE_BYTES)
      this.#head = Buffer.concat([this.#head, bytes.subarray(0, EXEC_FAILURE_BYTES)]);
    this.#signals.wrote(bytes);
    this.#screen.write(bytes, !this.#viewers.answer);
    this.#batch.push(bytes);
  }

  /**
   * A viewer's reply must not overtake our own answer to a query that came before it, which is given as the screen is parsed:
   * programs ask several things at once and take the answer to the last, DA1, for the end of all answers.
   */
  #receive({ bytes, hasReply }: ProgramInput): void {
    if (!hasReply && this.#waitingInputs === 0) {
      this.#write(bytes);
      return;
    }
    this.#waitingInputs++;
    this.#screen.whenCaughtUp(() => {
      this.#waitingInputs--;
      this.#write(bytes);
    });
  }

  #write(bytes: Buffer): void {
    this.#process?.write(bytes);
    this.#signals.gotInput();
  }

  #exited(exit: ProcessExit): void {
    const spawnError = readExecFailure(this.#head.toString(), exit);
    this.#batch.flush();
    // Not before the last bytes are drawn: whoever hears of the end may ask for them.
    this.#screen.whenCaughtUp(() => this.#ended(exit, spawnError));
  }

  #ended(exit: ProcessExit, spawnError: string | null = null): void {
    this.#signals.end();
    this.#change({ phase: "exited", ...exit, exitedAt: this.#options.clock.now(), spawnError });
    this.#viewers.exited(exit);
  }

  #resize(size: TerminalSize): void {
    this.#screen.resize(size);
    this.#process?.resize(size);
  }

  #regulateReading(): void {
    if (this.#pausedByViewers || this.#pausedByScreen) this.#process?.pause();
    else this.#process?.resume();
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

function clampDimension(value: number): number {
  return Math.min(Math.max(value, 1), 2000);
}
