/** One thing that is known of something: what it is about, and what is known. */
export type Fact = readonly [label: string, value: string];

/** Those of which something is known. */
export function knownFacts(facts: readonly (readonly [label: string, value: string | null])[]): readonly Fact[] {
  return facts.flatMap(([label, value]): Fact[] => (value === null || value === "" ? [] : [[label, value]]));
}
