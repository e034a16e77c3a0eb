const MAX_CHARS = 100;

/** The first line that says something, shortened to fit a row of a tree. */
export function firstLine(text: string): string {
  const line =
    text
      .split("\n")
      .find((each) => each.trim() !== "")
      ?.trim() ?? "";
  const characters = Array.from(line);
  return characters.length <= MAX_CHARS ? line : `${characters.slice(0, MAX_CHARS - 1).join("")}…`;
}

/** `text` as a sentence of its own. */
export function sentence(text: string): string {
  return /[.!?…)]$/.test(text) ? text : `${text}.`;
}
