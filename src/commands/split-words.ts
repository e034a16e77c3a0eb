/**
 * Splits a command line into words as a POSIX shell would, but expands nothing: no variables, no globs, no operators.
 * @param backslashEscapes false on Windows, where a backslash separates the parts of a path.
 * @returns the words, or null when a quote is not closed.
 */
export function splitWords(line: string, { backslashEscapes }: { backslashEscapes: boolean }): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let index = 0; index < line.length; index++) {
    const char = line.charAt(index);
    const next = line.charAt(index + 1);
    if (
      backslashEscapes &&
      char === "\\" &&
      quote !== "'" &&
      next !== "" &&
      (quote === null || '"\\$`'.includes(next))
    ) {
      word = (word ?? "") + next;
      index++;
    } else if (quote !== null) {
      if (char === quote) quote = null;
      else word = (word ?? "") + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= "";
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? "") + char;
    }
  }
  if (quote !== null) return null;
  if (word !== null) words.push(word);
  return words;
}
