/**
 * Characters that show nothing or act on what is shown: controls, marks of writing direction, joiners and other invisible
 * ones. Whole emoji come first, for some are made with such characters.
 */
const hidden = new RegExp(
  String.raw`\p{RGI_Emoji}|[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}\p{Default_Ignorable_Code_Point}]`,
  "gv",
);
const emoji = new RegExp(String.raw`^\p{RGI_Emoji}$`, "v");

const TAB = "    ";

/** A family emoji, in UTF-16 units. */
const LONGEST_CHARACTER = 16;

/**
 * Text from elsewhere with its line breaks, and with everything that could hide a part of it made visible: a person decides
 * by what they see, and the agent that wrote it may want them to see something else.
 */
export function visible(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\t", TAB).replace(hidden, shown);
}

function shown(match: string): string {
  if (match === "\n" || emoji.test(match)) return match;
  const code = match.codePointAt(0) ?? 0;
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

const graphemes = new Intl.Segmenter();

/** Text from elsewhere as one line of at most so many characters, for where a person only gets an idea of it. */
export function oneLine(text: string, maxLength: number): string {
  const line = visible(text.slice(0, maxLength * LONGEST_CHARACTER))
    .replace(/\s+/g, " ")
    .trim();
  const characters = Array.from(graphemes.segment(line), ({ segment }) => segment);
  if (characters.length <= maxLength) return line;
  return `${characters
    .slice(0, maxLength - 1)
    .join("")
    .trimEnd()}…`;
}
