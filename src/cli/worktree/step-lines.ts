import type { Step } from "../../protocol/worktrees.ts";
import { durationWords } from "../screen/time-words.ts";
import type { Style, StyleName } from "../screen/style.ts";
import { columnsOf, cutTo, printable } from "../screen/width.ts";

/** What turns while a step runs, a picture after the other. */
const RUNNING = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;

/** A step that takes longer than this says how long it has. */
const TELL_ELAPSED_MS = 3_000;

interface Look {
  readonly style: Style;
  /** Columns of the terminal; null: nothing is cut. */
  readonly width: number | null;
  /** Which picture of what turns is shown. */
  readonly frame: number;
  /** How long the step has been running; null when it does not. */
  readonly elapsedMs: (step: Step) => number | null;
}

const styles: Record<Step["state"], StyleName> = {
  pending: "dim",
  running: "cyan",
  done: "green",
  skipped: "dim",
  failed: "red",
};

/** One line a step: a mark, what it does, how far it is or what came of it. */
export function stepLines(steps: readonly Step[], { style, width, frame, elapsedMs }: Look): string[] {
  return steps.map((step) => {
    const mark = markOf(step, frame);
    // The last column stays free: a terminal that has filled it may go to the next line, or may not.
    const room = width === null ? Infinity : Math.max(1, width - 1 - columnsOf(mark) - 1);
    const words = cutTo(wordsOf(step, elapsedMs(step)), room);
    return `${style(styles[step.state], mark)} ${step.state === "pending" ? style("dim", words) : words}`;
  });
}

/** A step that is over, as a line of a log. Null while it is not. */
export function endedStepLine(step: Step): string | null {
  return step.state === "pending" || step.state === "running" ? null : `${markOf(step, 0)} ${wordsOf(step, null)}`;
}

function markOf({ state }: Step, frame: number): string {
  switch (state) {
    case "pending":
      return "·";
    case "running":
      return RUNNING[frame % RUNNING.length] ?? RUNNING[0];
    case "done":
      return "✓";
    case "skipped":
      return "–";
    case "failed":
      return "✗";
  }
}

function wordsOf({ label, detail, state }: Step, elapsedMs: number | null): string {
  // Why it failed is said in full, below.
  const shown = detail === null || detail === "" || state === "failed" ? "" : `: ${detail}`;
  const elapsed = elapsedMs !== null && elapsedMs >= TELL_ELAPSED_MS ? ` (${durationWords(elapsedMs)})` : "";
  return printable(`${label}${shown}${elapsed}`);
}

/** How many rows of a terminal lines take up that were written when it may have been wider. */
export function rowsTaken(lines: readonly string[], width: number): number {
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(columnsOf(unstyled(line)) / width)), 0);
}

function unstyled(line: string): string {
  // eslint-disable-next-line no-control-regex -- the sequences of style.ts
  return line.replace(/\x1b\[\d+m/g, "");
}

/** The lines that fit into so many rows, those around the first one that is not over before all others. */
export function linesInSight(lines: readonly string[], steps: readonly Step[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  const current = steps.findIndex(({ state }) => state === "pending" || state === "running");
  const last = current < 0 ? lines.length : Math.min(lines.length, Math.max(current + 1, rows));
  return lines.slice(Math.max(0, last - rows), last);
}
