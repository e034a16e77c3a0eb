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
  /** What has been typed and not sent: an agent's composer holds it. */
  #unsentKeys = 0;

  constructor(options: InputLineOptions) {
    this.#options = options;
  }

  /**
   * Whether a person types: a key came less than `withinMs` ago, or what was typed has not been sent. After the clock was set back nobody
   * knows of the first, and it does not count.
   */
  isTyping(withinMs: number): boolean {
    if (withinMs > 0 && this.#unsentKeys > MENU_KEYS) return true;
    const sinceMs = this.#options.clock.now() - this.#typedAtMs;
    return sinceMs >= 0 && sinceMs < withinMs;
  }

  /** Another program begins: what was typed was for the one before. */
  restart(): void {
    this.#unsentKeys = 0;
  }

  /**
   * A viewer's reply must not overtake our own answer to a query that came before it, which is given as the screen is parsed:
   * programs ask several things at once and take the answer to the last, DA1, for the end of all answers.
   */
  receive({ bytes, isTyped, hasReply }: ProgramInput): void {
    const { clock, program, screen } = this.#options;
    if (isTyped) {
      this.#typedAtMs = clock.now();
      this.#unsentKeys = unsentAfter(this.#unsentKeys, bytes);
    }
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

/** A menu takes a key or two without Enter. */
const MENU_KEYS = 2;
const ESCAPE = 0x1b;
/** Enter sends a line; Ctrl-C, Ctrl-D and Ctrl-U throw it away. */
const endsLine: ReadonlySet<number> = new Set([0x0d, 0x03, 0x04, 0x15]);

/** How many keys stand in the line after these. Keys that write nothing (arrows, function keys) come as one sequence. */
function unsentAfter(before: number, bytes: Buffer): number {
  // A paste stands in the line, whatever is in it.
  if (bytes.includes("\x1b[200~")) return before + bytes.length;
  if (bytes[0] === ESCAPE) return before;
  let unsent = before;
  for (const byte of bytes) {
    if (endsLine.has(byte)) unsent = 0;
    else if (byte === 0x7f || byte === 0x08) unsent = Math.max(0, unsent - 1);
    else if (byte >= 0x20) unsent += 1;
  }
  return unsent;
}
