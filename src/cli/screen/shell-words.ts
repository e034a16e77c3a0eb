/** A prompt of this length is not read in a line to copy, and its line is not found again on the screen. */
const MAX_LINE = 400;

/** Words as they are typed into a shell to mean themselves. */
export function commandLine(words: readonly string[], isWindows = process.platform === "win32"): string {
  return words.map((word) => quoted(word, isWindows)).join(" ");
}

/**
 * A command line of `head` and `rest` for a person to copy; where `rest` is long, or holds what a terminal would act on, an
 * ellipsis stands for it.
 */
export function lineToCopy(head: readonly string[], rest: readonly string[]): string {
  const line = commandLine([...head, ...rest]);
  return line.length > MAX_LINE || /\p{Control}/u.test(line) ? `${commandLine(head)} …` : line;
}

function quoted(word: string, isWindows: boolean): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return isWindows ? `"${word.replaceAll('"', '\\"')}"` : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
