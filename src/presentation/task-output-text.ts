import type { Task } from "../protocol/entities.ts";
import { isTaskEnded } from "../protocol/states.ts";
import type { OutputEntry } from "../protocol/tasks.ts";
import { oneLine, visible } from "../protocol/visible.ts";
import { outcomeWords } from "./run-words.ts";
import { wrapWords } from "./wrap-words.ts";

const LINE = "\r\n";
const styles = { bold: "\x1b[1m", dim: "\x1b[2m", red: "\x1b[31m", green: "\x1b[32m" } as const;
type Style = keyof typeof styles;

/** Clears the screen and what was scrolled out of it, and shows no cursor: nothing can be typed here. */
const ANEW = "\x1b[2J\x1b[3J\x1b[H\x1b[?25l";

/** One that is typed, or pasted, would fill the screen before anything of the answer is seen. */
const MAX_PROMPT_LINES = 12;

/** A task's output from its beginning, on a cleared terminal of so many columns. */
export function outputAnew(task: Task, entries: readonly OutputEntry[], cols: number): string {
  const shown = entries.map((entry, index) => entryText(entry, entries[index - 1] ?? null, cols));
  return [ANEW, promptText(task, cols), ...shown].join("");
}

/** What the agent did next. What it said stands apart from what it did; it may use several tools in a row. */
export function entryText({ kind, text }: OutputEntry, before: OutputEntry | null, cols: number): string {
  const gap = kind === "text" || before === null || before.kind === "text" ? LINE + LINE : LINE;
  switch (kind) {
    case "text":
      return gap + block(text, cols);
    case "tool":
      return gap + block(text, cols, { style: "dim", first: "● ", further: "  " });
    case "error":
      return gap + block(text, cols, { style: "red", first: "✗ ", further: "  " });
    case "note":
      return gap + block(text, cols, { style: "dim", first: "[Tally] " });
  }
}

/** How it ended. Its result is said only where the agent has not just said it. */
export function endText(task: Task, last: OutputEntry | null, cols: number): string {
  const result = task.result?.trim() ?? "";
  const isSaid = last?.kind === "text" && last.text.trim() === result;
  const style = task.state === "DONE" ? "green" : task.state === "ERROR" ? "red" : "dim";
  const said = result === "" || isSaid ? "" : LINE + LINE + block(result, cols);
  return `${said}${LINE}${LINE}${block(outcomeWords(task), cols, { style, first: "[Tally] " })}${LINE}`;
}

/** What it waits for, or that it works: below all else, until something follows. */
export function statusText({ state, run }: Task, cols: number): string {
  if (isTaskEnded(state)) return "";
  const words = state === "RUNNING" ? "Running..." : `Waiting. ${run?.waitsFor?.text ?? "It begins in a moment."}`;
  // A line that breaks could not be taken back as one.
  return `${LINE}${LINE}${styled(oneLine(`[Tally] ${words}`, cols - 1), "dim")}`;
}

/** Takes the status back, so that what follows stands in its place. */
export const WITHOUT_STATUS = "\x1b[2K\x1b[A\x1b[2K\x1b[A";

function promptText({ description, title, agent }: Task, cols: number): string {
  const lines = visible(description ?? title)
    .trim()
    .split("\n");
  const isLong = lines.length > MAX_PROMPT_LINES;
  const shown = isLong
    ? [...lines.slice(0, MAX_PROMPT_LINES), `... ${lines.length - MAX_PROMPT_LINES} more lines`]
    : lines;
  const prompt = block(shown.join("\n"), cols, { style: "bold", first: "> ", further: "  " });
  return prompt + LINE + styled(agent, "dim");
}

interface Looks {
  readonly style?: Style;
  readonly first?: string;
  readonly further?: string;
}

/** Text from elsewhere as lines of a terminal. */
function block(text: string, cols: number, { style, first = "", further = "" }: Looks = {}): string {
  const width = cols - Math.max(first.length, further.length);
  const lines = wrapWords(visible(text).trimEnd(), width);
  return lines.map((line, index) => styled((index === 0 ? first : further) + line, style)).join(LINE);
}

function styled(text: string, style: Style | undefined): string {
  return style === undefined || text === "" ? text : `${styles[style]}${text}\x1b[0m`;
}
