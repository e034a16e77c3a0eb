/** A program's words as they can be shown to a person: line breaks become spaces; control characters and those that turn the writing direction go; null when nothing is left. */
export function visibleText(text: string | undefined, maxChars: number): string | null {
  if (text === undefined) return null;
  const visible = text
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
    .trim();
  // A cut through a surrogate pair would leave half a character.
  return visible.slice(0, maxChars).replace(/[\ud800-\udbff]$/, "") || null;
}
