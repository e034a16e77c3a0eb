/** Words that are at most this many edits away look like a slip of the finger. */
const MAX_EDITS = 2;

/** The known words that a mistyped one may have meant, nearest first. */
export function suggestions(word: string, known: readonly string[]): string[] {
  return known
    .map((candidate) => ({ candidate, edits: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= MAX_EDITS && edits < candidate.length)
    .sort((a, b) => a.edits - b.edits || a.candidate.localeCompare(b.candidate))
    .map(({ candidate }) => candidate);
}

/** Of many that are alike, such as fix-1 to fix-20, more would not help. */
const MAX_SUGGESTED = 3;

/** What is said after a message about a word that is not known: `Did you mean: fix-12?`. Empty when it is like none. */
export function didYouMean(
  word: string,
  known: readonly string[],
  shown: (candidate: string) => string = (candidate) => candidate,
): string {
  const meant = suggestions(word, [...new Set(known)]).slice(0, MAX_SUGGESTED);
  return meant.length === 0 ? "" : `Did you mean: ${meant.map(shown).join(", ")}?`;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment distance). */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
        swapped ? at(beforePrevious, column - 2) + 1 : Infinity,
      );
    }
    [beforePrevious, previous] = [previous, current];
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
