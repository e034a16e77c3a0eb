import type { Task } from "../../protocol/entities.ts";
import type { AcceptedPlan, SessionHistory } from "../../protocol/history.ts";
import { formatFacts } from "../screen/session-facts.ts";
import { wordsOf } from "../screen/session-words.ts";
import type { Surface } from "../screen/surface.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import { clockWords, durationWords } from "../screen/time-words.ts";
import { usageWords } from "../screen/usage-words.ts";
import { cutTo, printable } from "../screen/width.ts";
import { countWords } from "../worktree/worktree-words.ts";
import { nothingDone, percent, totalsWords, withSession } from "./totals.ts";

/** What of a project's name is shown where other columns stand behind it. */
const PROJECT_COLUMNS = 20;

const headerOf = (names: readonly string[]): Cell[] => names.map((text) => ({ text, style: "dim" }));

/** One line a session. */
export function formatSessions(histories: readonly SessionHistory[], surface: Surface): string[] {
  if (histories.length === 0) return [];
  const rows = histories.map(({ session, project, stats, successRate, usage }): Cell[] => [
    { text: clockWords(session.createdAt, surface) },
    { text: session.id },
    { text: session.agent },
    { text: cutTo(printable(project.name), PROJECT_COLUMNS) },
    { text: String(stats.totalTasks) },
    successRate === null
      ? { text: "-" }
      : { text: percent(successRate), ...(successRate < 1 ? { style: "yellow" } : {}) },
    { text: stats.executionMs === 0 ? "-" : durationWords(stats.executionMs) },
    { text: usage === null ? "-" : usageWords(usage) },
    { text: session.title },
  ]);
  const header = headerOf(["STARTED", "ID", "AGENT", "PROJECT", "TASKS", "WELL", "AT WORK", "TOKENS", "TITLE"]);
  return formatTable([header, ...rows], surface);
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
    { name: "average", value: avgExecutionMs === null ? null : `${durationWords(avgExecutionMs)} a task` },
    {
      name: "plans",
      value: plans.length === 0 ? null : `${countWords(plans.length, "plan")} accepted; tally history --json has them`,
    },
  ];
  return [...formatFacts(facts, surface), ...(tasks.length === 0 ? [] : ["", ...formatTasks(tasks, surface)])];
}

function formatTasks(tasks: readonly Task[], surface: Surface): string[] {
  const rows = tasks.map((task): Cell[] => {
    const { startedAt, createdAt, endedAt, usage } = task;
    return [
      { text: clockWords(createdAt, surface) },
      { text: task.state.toLowerCase().replace("_user", ""), ...(task.state === "ERROR" ? { style: "red" } : {}) },
      { text: endedAt === null ? "-" : durationWords(Math.max(0, endedAt - (startedAt ?? createdAt))) },
      { text: usage === null ? "-" : usageWords(usage) },
      {
        text: task.title,
        tail: task.state === "ERROR" && (task.error ?? task.details) ? ` · ${task.error ?? task.details ?? ""}` : "",
      },
    ];
  });
  return formatTable([headerOf(["STARTED", "STATE", "TOOK", "TOKENS", "TASK"]), ...rows], surface);
}
