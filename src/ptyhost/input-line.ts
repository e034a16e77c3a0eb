import type { Clock } from "./clock.ts";
import type { Program } from "./program.ts";
import type { Screen } from "./screen.ts";
import type { ProgramInput } from "./viewer-input.ts";

export interface InputLineOptions {
  readonly screen: Pick<Screen, "whenCaughtUp">;
  readonly clock: Pick<Clock, "now">;
  /** The program that takes input just now. */
  readonly program: () => Pick<Program, "write"> | null;
}

/** The way of what viewers send to the program, in its order. What was meant for a program that goes is not for the next one. */
export class InputLine {
  readonly #options: InputLineOptions;
  /** How much input waits for the screen: none may overtake it. */
  #waiting = 0;
  #typedAtMs = -Infinity;

  constructor(options: InputLineOptions) {
    this.#options = options;
  }

  /** Whether a person types: a key came less than `withinMs` ago. After the clock was set back nobody knows, and it does not count. */
  isTyping(withinMs: number): boolean {
    const sinceMs = this.#options.clock.now() - this.#typedAtMs;
    return sinceMs >= 0 && sinceMs < withinMs;
  }

  /**
   * A viewer's reply must not overtake our own answer to a query that came before it, which is given as the screen is parsed:
   * programs ask several things at once and take the answer to the last, DA1, for the end of all answers.
   */
  receive({ bytes, isTyped, hasReply }: ProgramInput): void {
    const { clock, program, screen } = this.#options;
    if (isTyped) this.#typedAtMs = clock.now();
    const meant = program();
    const write = () => {
      if (program() === meant) meant?.write(bytes);
    };
    if (!hasReply && this.#waiting === 0) {
      write();
      return;
    }
    this.#waiting++;
    screen.whenCaughtUp(() => {
      this.#waiting--;
      write();
    });
  }
}
