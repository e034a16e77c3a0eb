const BEGIN = "# Tally keeps these out of git.";
const ADVICE = " It takes this block out again when its last worktree goes.";
const END = "# End of Tally's block.";

/** What else Tally did to the file, said in the first line of its block, so that it can be undone. */
const MADE_FILE = " It made this file.";
const ENDED_LINE = " It ended the line above.";

/**
 * The text of an exclude file with these lines in Tally's block, where the block is or at the end; without lines the text as it was
 * before Tally. Every other line stays as it is, byte for byte, and line ends are those of the file.
 * @param text null: there is no file.
 */
export function withExcludeBlock(text: string | null, lines: readonly string[]): string | null {
  const block = text === null ? null : findBlock(text);
  if (text === null || block === null) return lines.length === 0 ? text : appended(text, lines);
  const { start, end, made, ended } = block;
  const before = text.slice(0, start);
  const after = text.slice(end);
  if (lines.length > 0) return before + blockOf(lines, lineEndOf(text), { made, ended }) + after;
  if (made && before === "" && after === "") return null;
  // What was added behind the block meanwhile needs the line before it to have an end.
  return (ended && after === "" ? before.replace(/\r?\n$/, "") : before) + after;
}

function appended(text: string | null, lines: readonly string[]): string {
  const lineEnd = lineEndOf(text ?? "");
  const ended = text !== null && text !== "" && !text.endsWith("\n");
  return (text ?? "") + (ended ? lineEnd : "") + blockOf(lines, lineEnd, { made: text === null, ended });
}

interface Traces {
  readonly made: boolean;
  readonly ended: boolean;
}

function blockOf(lines: readonly string[], lineEnd: string, { made, ended }: Traces): string {
  const first = BEGIN + ADVICE + (made ? MADE_FILE : "") + (ended ? ENDED_LINE : "");
  return [first, ...lines, END].map((line) => line + lineEnd).join("");
}

function findBlock(text: string): ({ readonly start: number; readonly end: number } & Traces) | null {
  const first = new RegExp(`^${BEGIN}.*$`, "m").exec(text);
  if (!first) return null;
  const start = first.index;
  const last = new RegExp(`^${END}\\r?(?:\\n|$)`, "m").exec(text.slice(start));
  // Somebody took its last line out: what is below may be theirs.
  const end = last ? start + last.index + last[0].length : endOfLine(text, start);
  return { start, end, made: first[0].includes(MADE_FILE), ended: first[0].includes(ENDED_LINE) };
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end + 1;
}

function lineEndOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
