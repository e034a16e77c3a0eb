import type { Task } from "../../protocol/entities.ts";
import type { AcceptedPlan, SessionHistory } from "../../protocol/history.ts";
import { cellsIn, type NamedCells } from "../screen/narrow-table.ts";
import { formatFacts } from "../screen/session-facts.ts";
import { wordsOf } from "../screen/session-words.ts";
import type { Surface } from "../screen/surface.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import { clockWords, durationWords, spentWords } from "../screen/time-words.ts";
import { usageWords } from "../screen/usage-words.ts";
import { cutTo, printable } from "../screen/width.ts";
import { shortId } from "../tasks/task-ref.ts";
import { countWords } from "../worktree/worktree-words.ts";
import { nothingDone, percent, totalsWords, withSession } from "./totals.ts";

/** What of a project's name is shown where other columns stand behind it. */
const PROJECT_COLUMNS = 20;

const headerOf = (names: readonly string[]): Cell[] => names.map((text) => ({ text, style: "dim" }));

const sessionColumns = {
  started: "STARTED",
  id: "ID",
  agent: "AGENT",
  project: "PROJECT",
  tasks: "TASKS",
  success: "SUCCESS",
  time: "TIME",
  tokens: "TOKENS",
  title: "TITLE",
} as const;
type SessionColumn = keyof typeof sessionColumns;
const sessionLayout = {
  columns: Object.keys(sessionColumns) as SessionColumn[],
  title: "title",
  dispensable: ["tokens", "agent", "time", "project", "success", "started", "tasks"],
} as const;

/** One line a session. */
export function formatSessions(histories: readonly SessionHistory[], surface: Surface): string[] {
  if (histories.length === 0) return [];
  const rows = histories.map(({ session, project, stats, successRate, usage }): NamedCells<SessionColumn> => ({
    started: { text: clockWords(session.createdAt, surface) },
    id: { text: session.id },
    agent: { text: session.agent },
    project: { text: cutTo(printable(project.name), PROJECT_COLUMNS) },
    tasks: { text: String(stats.totalTasks) },
    success:
      successRate === null
        ? { text: "-" }
        : { text: percent(successRate), ...(successRate < 1 ? { style: "yellow" } : {}) },
    time: { text: stats.executionMs === 0 ? "-" : spentWords(stats.executionMs) },
    tokens: { text: usage === null ? "-" : usageWords(usage) },
    title: { text: session.title },
  }));
  const header = Object.fromEntries(
    Object.entries(sessionColumns).map(([name, text]) => [name, { text, style: "dim" }]),
  ) as NamedCells<SessionColumn>;
  const { width } = surface;
  return formatTable(cellsIn(width ?? Number.MAX_SAFE_INTEGER, [header, ...rows], sessionLayout), surface);
}

/** What is known of one session, its plans, and one line a task. */
export function formatSessionHistory(
  history: SessionHistory,
  plans: readonly AcceptedPlan[],
  tasks: readonly Task[],
  surface: Surface,
): string[] {
  const { session, project, durationMs, avgExecutionMs } = history;
  const facts = [
    { name: "title", value: session.title },
    { name: "id", value: session.id },
    { name: "state", value: wordsOf(session).word },
    { name: "agent", value: session.agent },
    { name: "model", value: session.model },
    { name: "project", value: project.name },
    { name: "folder", value: session.cwd },
    { name: "started", value: clockWords(session.createdAt, surface) },
    { name: "lasted", value: durationWords(durationMs) },
    { name: "tasks", value: totalsWords(withSession(nothingDone, history)).replace(/^1 session, /, "") },
    { name: "average", value: avgExecutionMs === null ? null : `${spentWords(avgExecutionMs)} a task` },
    {
      name: "plans",
      value: plans.length === 0 ? null : `${countWords(plans.length, "plan")} accepted; tally history --json has them`,
    },
  ];
  return [...formatFacts(facts, surface), ...(tasks.length === 0 ? [] : ["", ...formatTasks(tasks, surface)])];
}

function formatTasks(tasks: readonly Task[], surface: Surface): string[] {
  // What was typed as a prompt can neither be looked at by itself nor be done again.
  const hasRuns = tasks.some(({ kind }) => kind === "run");
  const rows = tasks.map((task): Cell[] => {
    const { startedAt, createdAt, endedAt, usage } = task;
    return [
      { text: clockWords(createdAt, surface) },
      ...(hasRuns ? [{ text: task.kind === "run" ? shortId(task.id) : "-" }] : []),
      { text: task.state.toLowerCase().replace("_user", ""), ...(task.state === "ERROR" ? { style: "red" } : {}) },
      { text: endedAt === null ? "-" : spentWords(Math.max(0, endedAt - (startedAt ?? createdAt))) },
      { text: usage === null ? "-" : usageWords(usage) },
      {
        text: task.title,
        tail: task.state === "ERROR" && (task.error ?? task.details) ? ` · ${task.error ?? task.details ?? ""}` : "",
      },
    ];
  });
  const names = ["STARTED", ...(hasRuns ? ["ID"] : []), "STATE", "TOOK", "TOKENS", "TASK"];
  return formatTable([headerOf(names), ...rows], surface);
}
