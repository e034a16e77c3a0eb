import type { Clock } from "./clock.ts";
import { QuietTimer } from "./quiet-timer.ts";
import { applyShellMark, type ShellState } from "./shell-marks.ts";

/** How long after input it shows who has the terminal now. */
const AFTER_INPUT_MS = 150;

export interface ShellWatchOptions {
  readonly clock: Clock;
  /** For a program that is an interactive shell: whether it has its terminal, rather than a command that it runs. Null for other programs. */
  readonly isInForeground: (() => Promise<boolean | null>) | null;
  readonly onChanged: (shell: ShellState) => void;
}

/**
 * What the shell in a terminal does: it waits for a command, or runs one. Its own marks tell that best; for a shell without marks it is
 * who has the terminal, which is looked up only after something went on.
 */
export class ShellWatch {
  readonly #options: ShellWatchOptions;
  readonly #input: QuietTimer;
  #shell: ShellState | null = null;
  /** Whose the marks are. Those of a shell within the shell, as at the other end of ssh, count while that has the terminal. */
  #marks: "none" | "inner" | "own" = "none";
  #look: Promise<boolean | null> | null = null;
  #ended = false;

  constructor(options: ShellWatchOptions) {
    this.#options = options;
    this.#input = new QuietTimer(options.clock, AFTER_INPUT_MS, () => void this.#lookWhoHasTerminal());
  }

  /** The payload of an OSC 133. */
  marked(payload: string): void {
    const shell = applyShellMark(payload, this.#shell);
    if (!shell) return;
    if (this.#marks === "none") this.#marks = "inner";
    this.#change(shell);
    if (shell.state === "prompt" && this.#marks === "inner") void this.#lookWhoMarks();
  }

  outputRested(): void {
    void this.#lookWhoHasTerminal();
  }

  gotInput(): void {
    if (this.#options.isInForeground) this.#input.stir();
  }

  end(): void {
    this.#ended = true;
    this.#input.stop();
  }

  async #lookWhoHasTerminal(): Promise<void> {
    if (this.#marks === "own") return;
    const hasTerminal = await this.#hasTerminal();
    if (hasTerminal === null || this.#isOvertaken()) return;
    if (hasTerminal) this.#marks = "none";
    const state = hasTerminal ? "prompt" : "command";
    if (this.#marks === "none" && this.#shell?.state !== state) this.#change({ state, exitCode: null });
  }

  async #lookWhoMarks(): Promise<void> {
    if (await this.#hasTerminal()) this.#marks = "own";
  }

  /** However often it is asked at a time, one look answers: on macOS a look is a process. */
  #hasTerminal(): Promise<boolean | null> {
    this.#look ??= (this.#options.isInForeground?.() ?? Promise.resolve(null)).finally(() => (this.#look = null));
    return this.#look;
  }

  /** Whether what was looked up meanwhile counts no more. */
  #isOvertaken(): boolean {
    return this.#marks === "own" || this.#ended;
  }

  #change(shell: ShellState): void {
    if (shell.state === this.#shell?.state && shell.exitCode === this.#shell.exitCode) return;
    this.#shell = shell;
    this.#options.onChanged(shell);
  }
}
