import type { SQLOutputValue } from "node:sqlite";
import {
  type Project,
  projectSchema,
  type Session,
  sessionSchema,
  type Task,
  taskSchema,
  type Worktree,
  worktreeSchema,
} from "../../protocol/entities.ts";
import { type Account, accountSchema, type Pause, pauseSchema } from "../../protocol/limits.ts";
import { type SessionStats, sessionStatsSchema } from "../../protocol/history.ts";
import { type HelperProcess, helperProcessSchema } from "../../protocol/worktrees.ts";

export type Row = Record<string, SQLOutputValue>;

/** Columns are the snake_case of the fields; these hold JSON. */
const jsonFields = new Set(
  "command continuation operation ports quotas reason request run shared standing usage".split(" "),
);
const booleanFields = new Set(["autoResume", "holdsUnnamedModel", "isDefault", "isInForce", "isListening", "pinned"]);

/** `stateSince` to `state_since`. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function fieldOf(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A pause's reason is a sentence where a session's is more. */
export const toPauseRow = (pause: Pause): Record<string, string | number | null> => ({
  ...toRow(pause),
  reason: pause.reason,
});

/** A process's command is a line, and its reason a sentence, where a session's are more. */
export const toProcessRow = (process: HelperProcess): Record<string, string | number | null> => ({
  ...toRow(process),
  command: process.command,
  reason: process.reason,
});

/** An entity's fields as named parameters of a statement. */
export function toRow(entity: object): Record<string, string | number | null> {
  const row: Record<string, string | number | null> = {};
  for (const [field, value] of Object.entries(entity) as [string, unknown][]) {
    if (jsonFields.has(field)) row[columnOf(field)] = JSON.stringify(value);
    else if (typeof value === "boolean") row[columnOf(field)] = value ? 1 : 0;
    else row[columnOf(field)] = value as string | number | null;
  }
  return row;
}

export function fromRow(row: Row): Record<string, unknown> {
  const entity: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    const field = fieldOf(column);
    if (jsonFields.has(field)) entity[field] = JSON.parse(String(value));
    else if (booleanFields.has(field)) entity[field] = value === null ? null : value === 1;
    else entity[field] = value;
  }
  return entity;
}

/** Rows hold more columns than the wire's entities do; parsing drops what is internal. */
export const projectFrom = (row: Row): Project => projectSchema.parse(fromRow(row));
export const worktreeFrom = (row: Row): Worktree => worktreeSchema.parse(fromRow(row));
export const sessionFrom = (row: Row): Session => sessionSchema.parse(fromRow(row));
export const taskFrom = (row: Row): Task => taskSchema.parse(fromRow(row));
export const statsFrom = (row: Row): SessionStats => sessionStatsSchema.parse(fromRow(row));
export const accountFrom = (row: Row): Account => accountSchema.parse(fromRow(row));
export const pauseFrom = ({ reason, ...row }: Row): Pause => pauseSchema.parse({ ...fromRow(row), reason });
export const processFrom = ({ reason, command, ...row }: Row): HelperProcess =>
  helperProcessSchema.parse({ ...fromRow(row), reason, command });
