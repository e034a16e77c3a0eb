/**
 * Characters that show nothing or act on what is shown: controls, marks of writing direction, joiners and other invisible
 * ones. Emoji keep those that they are made with.
 */
const hidden =
  /(?!(?<=\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D(?=\p{Extended_Pictographic}))(?!(?<=\p{Extended_Pictographic})\uFE0F)[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}\p{Default_Ignorable_Code_Point}]/gu;

const TAB = "    ";

/**
 * Text from elsewhere with its line breaks, and with everything that could hide a part of it made visible: a person decides
 * by what they see, and the agent that wrote it may want them to see something else.
 */
export function visible(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\t", TAB).replace(hidden, nameUnlessLineBreak);
}

function nameUnlessLineBreak(character: string): string {
  if (character === "\n") return character;
  const code = character.codePointAt(0) ?? 0;
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

/** Text from elsewhere as one line of at most so many characters, for where a person only gets an idea of it. */
export function oneLine(text: string, maxLength: number): string {
  const line = visible(text.slice(0, maxLength * 4))
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  return characters.length <= maxLength
    ? line
    : `${characters
        .slice(0, maxLength - 1)
        .join("")
        .trimEnd()}…`;
}
