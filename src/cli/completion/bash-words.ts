/** A command line up to the cursor, as bash reads it. */
export interface BashLine {
  /** Without their quotes; the last is being typed, and may be empty. */
  readonly words: readonly string[];
  /** The quotation mark that is open at the cursor. */
  readonly openQuote: "'" | '"' | null;
  /** How much of the last word bash keeps: it replaces only what stands behind the last of its break characters. */
  readonly kept: string;
}

/**
 * Takes a command line apart. Nothing in it is expanded: what `$(...)` would print is not known, and is not asked for.
 * @param breaks bash's `COMP_WORDBREAKS`, at which it begins a new word for completion.
 */
export function readBashLine(line: string, breaks: string): BashLine {
  const words: string[] = [];
  let word: string | null = null;
  let kept = "";
  let openQuote: BashLine["openQuote"] = null;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    if (openQuote !== null) {
      if (char === openQuote) {
        openQuote = null;
        kept = word ?? "";
      } else if (char === "\\" && openQuote === '"' && /["\\$`]/.test(line[at + 1] ?? ""))
        word = (word ?? "") + (line[++at] ?? "");
      else word = (word ?? "") + char;
    } else if (char === "'" || char === '"') {
      openQuote = char;
      word ??= "";
      // Bash completes what stands behind a quotation mark.
      kept = word;
    } else if (char === "\\") {
      word = (word ?? "") + (line[++at] ?? "");
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      kept = "";
    } else {
      word = (word ?? "") + char;
      if (breaks.includes(char)) kept = word;
    }
  }
  return { words: [...words, word ?? ""], openQuote, kept };
}

/** What bash is to put in the place of the word that is being typed, quoted so that it stays one word and nothing in it is expanded. */
export function bashReplies({ words, openQuote, kept }: BashLine, values: readonly string[]): string[] {
  const typed = words.at(-1) ?? "";
  return values
    .filter((value) => value.startsWith(typed))
    .map((value) => quotedForBash(value.slice(kept.length), openQuote));
}

function quotedForBash(text: string, openQuote: BashLine["openQuote"]): string {
  switch (openQuote) {
    case "'":
      return text.replaceAll("'", "'\\''");
    case '"':
      return text.replace(/["\\$`]/g, "\\$&");
    case null:
      return text.replace(/[^\p{L}\p{N}_./+%,-]/gu, "\\$&");
  }
}
