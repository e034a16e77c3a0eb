const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What a person takes for single characters. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
