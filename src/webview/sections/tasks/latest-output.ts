import type { OutputEntry } from "../../../protocol/tasks.ts";

/** So many of the latest entries are kept in the page; all of them are one command away. */
export const ENTRIES_SHOWN = 40;

/** The latest of what an agent did, and how much there was before. */
export interface LatestOutput {
  readonly entries: readonly OutputEntry[];
  /** How many there are in all: where the next question begins. */
  readonly total: number;
}

export const noOutput: LatestOutput = { entries: [], total: 0 };

/** With what came since; the very same where nothing did. */
export function withEntries(output: LatestOutput, added: readonly OutputEntry[]): LatestOutput {
  if (added.length === 0) return output;
  return { entries: [...output.entries, ...added].slice(-ENTRIES_SHOWN), total: output.total + added.length };
}

/** How many are not shown. */
export function earlierEntries({ entries, total }: LatestOutput): number {
  return total - entries.length;
}
