import { TallyError } from "../protocol/errors.ts";
import { oneLine } from "../protocol/visible.ts";
import type { Tally } from "./tally.ts";

/** What a key binding gives in package.json to mean the rows that are selected. */
export const SELECTION = "selection";

const MAX_NAMED = 10;
const MAX_NAME_CHARS = 60;

/**
 * The rows that a command is about where those are several: all that are selected, when it was invoked on one of them or by a key.
 * @param selected what the editor gives beside the row that the command was invoked on
 * @returns null where it is one row, or none
 */
export function severalRows({ tree }: Tally, target: unknown, selected: unknown): readonly string[] | null {
  const rows = target === SELECTION ? tree.selection : Array.isArray(selected) ? (selected as unknown[]) : [];
  const ids = rows.filter((row): row is string => typeof row === "string");
  return ids.length > 1 ? ids : null;
}

/** `"Fix the cart"`, or `3 sessions`. */
export function oneOrMany(titles: readonly string[], many: string): string {
  const [only] = titles;
  return titles.length === 1 && only !== undefined ? `"${oneLine(only, MAX_NAME_CHARS)}"` : `${titles.length} ${many}`;
}

/** The first of them by name, one a line, and how many more there are; nothing for one, which the question names. */
export function listed(titles: readonly string[]): string {
  if (titles.length < 2) return "";
  const more = titles.length - MAX_NAMED;
  const named = titles.slice(0, MAX_NAMED).map((title) => `• ${oneLine(title, MAX_NAME_CHARS)}`);
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}

/**
 * Does something with each of them at once; what fails for one keeps none of the others.
 * @throws {TallyError} the first failure, and of several for how many
 */
export async function withEach<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  const results = await Promise.allSettled(items.map(act));
  throwFirst(
    results.flatMap((result): unknown[] => (result.status === "rejected" ? [result.reason] : [])),
    items.length,
  );
}

/** The same one after the other, where their order matters. */
export async function withEachInTurn<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) await act(item).catch((error: unknown) => failures.push(error));
  throwFirst(failures, items.length);
}

function throwFirst(failures: readonly unknown[], all: number): void {
  if (failures.length === 0) return;
  const [first] = failures;
  if (all === 1) throw first;
  const code = first instanceof TallyError ? first.code : "internal";
  const words = first instanceof Error ? first.message : String(first);
  throw new TallyError(code, `${failures.length} of ${all} failed. ${words}`);
}
