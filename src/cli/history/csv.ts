import type { Task } from "../../protocol/entities.ts";
import type { SessionHistory } from "../../protocol/history.ts";

type Value = string | number | null;

/** What a spreadsheet takes for the beginning of a formula, also behind blanks and in full width. */
const formulaStart = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

/** Controls, of which a terminal could be told something; a tab and line ends are text. */
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** One row a task. What is said of its session is repeated in each. */
const columns: Readonly<Record<string, (history: SessionHistory, task: Task) => Value>> = {
  session: ({ session }) => session.id,
  session_title: ({ session }) => session.title,
  agent: ({ session }) => session.agent,
  model: ({ session }) => session.model,
  project: ({ project }) => project.name,
  project_path: ({ project }) => project.path,
  folder: ({ session }) => session.cwd,
  session_state: ({ session }) => session.state,
  session_started: ({ session }) => iso(session.createdAt),
  session_ended: ({ session }) => iso(session.endedAt),
  task: (_, task) => task.id,
  type: (_, task) => task.type,
  state: (_, task) => task.state,
  description: (_, task) => task.description ?? task.title,
  created: (_, task) => iso(task.createdAt),
  started: (_, task) => iso(task.startedAt ?? task.createdAt),
  ended: (_, task) => iso(task.endedAt),
  execution_ms: (_, { startedAt, createdAt, endedAt }) =>
    endedAt === null ? null : Math.max(0, endedAt - (startedAt ?? createdAt)),
  result: (_, task) => task.result,
  error: (_, task) => task.error ?? (task.state === "ERROR" ? task.details : null),
  plan: (_, task) => task.plan,
  input_tokens: (_, { usage }) => usage?.inputTokens ?? null,
  output_tokens: (_, { usage }) => usage?.outputTokens ?? null,
  cache_read_tokens: (_, { usage }) => usage?.cacheReadTokens ?? null,
  cache_write_tokens: (_, { usage }) => usage?.cacheWriteTokens ?? null,
  cost_usd: (_, { usage }) => usage?.costUsd ?? null,
};

export const csvHeader = csvLine(Object.keys(columns));

export function csvRow(history: SessionHistory, task: Task): string {
  return csvLine(Object.values(columns).map((value) => value(history, task)));
}

/** One record of RFC 4180, with its line end. */
export function csvLine(values: readonly Value[]): string {
  return `${values.map(field).join(",")}\r\n`;
}

/** Text from elsewhere is never a formula: an apostrophe in front says so to every spreadsheet. */
function field(value: Value): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const clean = value.replace(controls, "�");
  const text = formulaStart.test(clean) ? `'${clean}` : clean;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function iso(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
