import { TallyError } from "../protocol/errors.ts";
import { messageOf } from "../protocol/message-of.ts";
import { oneLine } from "../protocol/visible.ts";
import { showInformation } from "../views/messages.ts";
import type { Tally } from "./tally.ts";

/** What a key binding gives in package.json to mean the rows that are selected. */
export const SELECTION = "selection";

const NONE_FITS = "That can be done with none of the rows that are selected.";

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

/** What a command was invoked on. */
export interface Invocation {
  readonly target: unknown;
  /** What the editor gives beside it. */
  readonly selected: unknown;
}

/** How what a command is about is found. */
export interface SeveralChoice<T> {
  readonly ofRow: (row: string) => T | null | undefined;
  /** Leaves out those for which the command makes no sense. */
  readonly isFitting: (item: T) => boolean;
  /** Where not several rows are selected. */
  readonly chooseOne: () => Promise<T | null>;
}

/**
 * What a command is about that can be done with several: those of the selected rows for which it makes sense, else the chosen one.
 * @returns none when there is none, which is said, or the person went away.
 */
export async function chooseSeveral<T>(
  tally: Tally,
  { target, selected }: Invocation,
  { ofRow, isFitting, chooseOne }: SeveralChoice<T>,
): Promise<readonly T[]> {
  const rows = severalRows(tally, target, selected);
  if (rows === null) {
    const chosen = await chooseOne();
    return chosen === null ? [] : [chosen];
  }
  const fitting = rows.flatMap((row): T[] => {
    const item = ofRow(row);
    return item !== null && item !== undefined && isFitting(item) ? [item] : [];
  });
  if (fitting.length === 0) void showInformation(NONE_FITS);
  return fitting;
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
  const words = messageOf(first);
  throw new TallyError(code, `${failures.length} of ${all} failed. ${words}`);
}
