/** Narrower than this no words fit in a line anyway: the terminal breaks it. */
const MIN_COLS = 20;

/**
 * Lines of at most so many characters, broken at spaces. A word that is longer stays whole, and the terminal breaks it; so it does with
 * scripts whose characters are wider than one column.
 */
export function wrapWords(text: string, cols: number): string[] {
  const lines = text.split("\n");
  return cols < MIN_COLS ? lines : lines.flatMap((line) => wrapLine(line, cols));
}

/** What follows a break stands below the line's first word, so that lists stay readable. */
function wrapLine(line: string, cols: number): string[] {
  if (line.length <= cols) return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  const wrapped: string[] = [];
  let current = indent;
  for (const word of line.trim().split(/ +/)) {
    const isEmpty = current.trim() === "";
    if (!isEmpty && current.length + 1 + word.length > cols) {
      wrapped.push(current);
      current = indent + word;
    } else {
      current += isEmpty ? word : ` ${word}`;
    }
  }
  return [...wrapped, current];
}
