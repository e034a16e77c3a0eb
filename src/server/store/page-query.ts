import { fromCursor, toCursor } from "./cursor.ts";
import type { Row } from "./rows.ts";

export interface PageRequest {
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** What a row's column has to be; one that is undefined is not asked about. */
export interface Condition {
  readonly sql: `${string} ${"=" | ">="} ?`;
  readonly value: string | number | undefined;
}

/**
 * The newest rows of a table after a cursor, found by key and not by count: a page costs the same wherever it is. Which they are is read
 * from an index alone, which holds what conditions are about; the rows, which may be large, are only looked up for the page.
 * One row more than is wanted tells whether there is a next page.
 * @param states of tasks; empty: any
 */
export function pageQuery(
  table: "tasks" | "sessions",
  conditions: readonly Condition[],
  { limit, cursor }: PageRequest,
  states: readonly string[] = [],
): { readonly sql: string; readonly parameters: (string | number)[] } {
  const asked = conditions.flatMap(({ sql, value }) => (value === undefined ? [] : [{ sql, value }]));
  const place = cursor === undefined ? null : fromCursor(cursor);
  const where = [
    ...asked.map(({ sql }) => sql),
    ...(states.length === 0 ? [] : [`state IN (${states.map(() => "?").join(", ")})`]),
    ...(place ? ["(created_at, id) < (?, ?)"] : []),
  ];
  const keys = `SELECT created_at, id FROM ${table} ${where.length === 0 ? "" : `WHERE ${where.join(" AND ")} `}ORDER BY created_at DESC, id DESC LIMIT ?`;
  return {
    // CROSS JOIN: the keys first, whatever the planner would think of.
    sql: `SELECT ${table}.* FROM (${keys}) AS keys CROSS JOIN ${table} ON ${table}.id = keys.id ORDER BY keys.created_at DESC, keys.id DESC`,
    parameters: [
      ...asked.map(({ value }) => value),
      ...states,
      ...(place ? [place.createdAt, place.id] : []),
      limit + 1,
    ],
  };
}

/** The rows of the page, and where the next one begins; null when there is none. @param found what {@link pageQuery} finds */
export function pageOf(
  found: readonly Row[],
  limit: number,
): { readonly rows: Row[]; readonly nextCursor: string | null } {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  if (found.length <= limit || !last) return { rows, nextCursor: null };
  return { rows, nextCursor: toCursor({ createdAt: Number(last["created_at"]), id: String(last["id"]) }) };
}
