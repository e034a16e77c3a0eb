import { isatty } from "node:tty";
import { cutTo } from "../screen/width.ts";
import { say, write } from "../talk.ts";

/** Shows how long something is still waited for. */
export interface Countdown {
  /** How often the words are asked for again. */
  readonly everyMs: number;
  show(words: () => string): void;
  /** Something that stays on the screen. */
  note(text: string): void;
  end(): void;
}

const START_OF_EMPTY_LINE = "\r\x1b[K";
const USUAL_COLUMNS = 80;

/** One line of a terminal, written anew whenever it says something else. */
export function rewrittenLine(): Countdown {
  let shown = "";
  const clear = () => {
    if (shown !== "") write(START_OF_EMPTY_LINE);
    shown = "";
  };
  return {
    everyMs: 1_000,
    show(words) {
      const line = cutTo(words(), columns() - 1);
      if (line === shown) return;
      shown = line;
      write(START_OF_EMPTY_LINE + line);
    },
    note(text) {
      clear();
      say(text);
    },
    end: clear,
  };
}

/** For a log: a line at the start, and then so seldom that it stays readable. */
export function linesNowAndThen(): Countdown {
  const everyMs = 10 * 60_000;
  let saidAt: number | null = null;
  return {
    everyMs,
    show(words) {
      const now = performance.now();
      // A timer may come a little early.
      if (saidAt !== null && now - saidAt < everyMs * 0.9) return;
      saidAt = now;
      say(words());
    },
    note: say,
    end: () => undefined,
  };
}

/** Asked of stdout, and only where the agent gets a terminal of its own: see talk.ts. */
function columns(): number {
  return isatty(0) && isatty(1) ? process.stdout.columns || USUAL_COLUMNS : USUAL_COLUMNS;
}
