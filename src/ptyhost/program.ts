import { noTerminalSignals } from "../protocol/ptyhost.ts";
import type { Clock } from "./clock.ts";
import { isInteractiveShell } from "./interactive-shell.ts";
import { isInForeground } from "./process-groups.ts";
import { ProgramSignals, type ProgramWords } from "./program-signals.ts";
import { PtyProcess, readExecFailure, type Command, type ProcessExit, type PtySignal } from "./pty-process.ts";
import type { TerminalSize } from "./terminal-model.ts";

/** An exec failure is one line; of anything longer the program is the author. */
const EXEC_FAILURE_BYTES = 300;

/** What is known where no program has said anything. */
export const noWords: ProgramWords = { status: null, statusAt: null, signals: noTerminalSignals };

export interface ProgramOptions {
  readonly command: Command;
  readonly size: TerminalSize;
  readonly clock: Clock;
  readonly onOutput: (bytes: Buffer) => void;
  /** `words` have changed. */
  readonly onWords: () => void;
  /** Called once, after the last output. */
  readonly onExit: () => void;
}

/** One program in a pty, from its start to its end: its process, and what it says of itself. */
export class Program {
  readonly #process: PtyProcess;
  readonly #signals: ProgramSignals;
  #head: Buffer = Buffer.alloc(0);
  #exit: ProcessExit | null = null;
  /** Resolves after the last output. */
  readonly exited: Promise<void>;

  /** Starts the program. Throws when the system gives no terminal or process. */
  constructor({ command, size, clock, onOutput, onWords, onExit }: ProgramOptions) {
    let exited = () => {};
    this.exited = new Promise((resolve) => (exited = resolve));
    this.#process = new PtyProcess(command, size, {
      onData: (bytes) => {
        this.#wrote(bytes);
        onOutput(bytes);
      },
      onExit: (exit) => {
        this.#exit = exit;
        onExit();
        exited();
      },
    });
    const isShell = isInteractiveShell(command.file, command.args);
    this.#signals = new ProgramSignals({
      clock,
      onAnswer: (answer) => this.answer(answer),
      onChanged: onWords,
      isInForeground: isShell ? () => isInForeground(this.pid) : null,
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  get words(): ProgramWords {
    return this.#signals.words;
  }

  /** How it ended; null while it runs. */
  get exit(): ProcessExit | null {
    return this.#exit;
  }

  /** Why it could not be started, where only the system found that out. */
  get execFailure(): string | null {
    return this.#exit && readExecFailure(this.#head.toString(), this.#exit);
  }

  groups(everything: boolean): readonly number[] {
    return this.#process.groups(everything);
  }

  /** Gives it input. */
  write(bytes: Buffer): void {
    this.#process.write(bytes);
    this.#signals.gotInput();
  }

  /** Gives it an answer to a query. */
  answer(answer: string): void {
    this.#process.write(Buffer.from(answer));
  }

  resize(size: TerminalSize): void {
    this.#process.resize(size);
  }

  /** Stops reading what it writes, or goes on with it. */
  rest(rests: boolean): void {
    if (rests) this.#process.pause();
    else this.#process.resume();
  }

  continue(): void {
    this.#process.continue();
  }

  signal(signal: PtySignal): void {
    this.#process.signal(signal);
  }

  /** It is over with this program; whoever tells that tells its last words, too. */
  close(): void {
    this.#signals.end();
  }

  #wrote(bytes: Buffer): void {
    if (this.#head.length < EXEC_FAILURE_BYTES)
      this.#head = Buffer.concat([this.#head, bytes.subarray(0, EXEC_FAILURE_BYTES)]);
    this.#signals.wrote(bytes);
  }
}
