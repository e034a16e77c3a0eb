const MAX_CHARS = 100;
const graphemes = new Intl.Segmenter();

/** The first line that says something, shortened to fit a row of a tree; that there are more lines is said, for they may matter more. */
export function firstLine(text: string): string {
  const [first = "", ...more] = text.split("\n").filter((line) => line.trim() !== "");
  const shown = shortened(first.trim());
  if (more.length === 0) return shown;
  return `${shown} … (+${more.length} ${more.length === 1 ? "line" : "lines"})`;
}

function shortened(line: string): string {
  // A line may be megabytes of JSON, and its characters are counted one by one.
  const characters = Array.from(graphemes.segment(line.slice(0, MAX_CHARS * 8)), ({ segment }) => segment);
  return characters.length <= MAX_CHARS ? line : `${characters.slice(0, MAX_CHARS - 1).join("")}…`;
}
