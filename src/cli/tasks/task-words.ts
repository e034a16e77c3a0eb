import type { Task } from "../../protocol/entities.ts";
import { isTaskEnded, type TaskState } from "../../protocol/states.ts";
import type { TaskWait } from "../../protocol/tasks.ts";
import { oneLine } from "../screen/request-text.ts";
import type { StyleName } from "../screen/style.ts";
import { clockWords, countdownWords, exactDurationWords, spentWords, type TimeSense } from "../screen/time-words.ts";
import { usageWords } from "../screen/usage-words.ts";
import { shortId } from "./task-ref.ts";

/** So many of the tasks that failed are named. */
const MAX_LISTED = 5;

export const taskStateWords: Record<TaskState, { readonly word: string; readonly style: StyleName }> = {
  QUEUED: { word: "queued", style: "cyan" },
  RUNNING: { word: "running", style: "green" },
  WAITING_USER: { word: "waiting", style: "yellow" },
  BLOCKED: { word: "blocked", style: "magenta" },
  IDLE: { word: "idle", style: "cyan" },
  DONE: { word: "done", style: "dim" },
  ERROR: { word: "failed", style: "red" },
  CANCELLED: { word: "cancelled", style: "dim" },
};

/** What it waits for; null for one that does not, or that begins now. */
export function waitOf({ state, run }: Pick<Task, "state" | "run">): TaskWait | null {
  return state === "QUEUED" || state === "BLOCKED" ? (run?.waitsFor ?? null) : null;
}

/** Why it has not begun, and how long that lasts: `Claude Code is paused until 15:00, in 2 h`. */
export function waitWords(wait: TaskWait, { nowMs }: TimeSense): string {
  const { until } = wait;
  return until === null || until <= nowMs ? sentence(wait) : `${sentence(wait)}, ${countdownWords(until, nowMs)}`;
}

/** The same to the second, for a person who looks on: `Claude Code is paused until 15:00: 2 h 13 min 5 s left`. */
export function watchedWaitWords(wait: TaskWait, { nowMs }: TimeSense): string {
  const { until } = wait;
  if (until === null || until <= nowMs) return sentence(wait);
  return `${sentence(wait)}: ${exactDurationWords(until - nowMs)} left`;
}

function sentence({ text }: TaskWait): string {
  return oneLine(text).replace(/\.$/, "");
}

/** What is said of a task that was just handed over, from the answer alone. */
export function handedOverWords(task: Task, time: TimeSense): string {
  const id = shortId(task.id);
  const wait = waitOf(task);
  const follow = `Follow it: tally task follow ${id}`;
  return wait === null ? `Task ${id} begins. ${follow}` : `Task ${id} waits: ${waitWords(wait, time)}. ${follow}`;
}

/** The same of several at once: `20 tasks wait: Claude Code is paused until 15:00, in 2 h. See them: tally queue`. */
export function allHandedOverWords(tasks: readonly Task[], time: TimeSense): string {
  const [only, ...others] = tasks;
  if (only === undefined) return "";
  if (others.length === 0) return handedOverWords(only, time);
  const waits = tasks.flatMap((task) => waitOf(task) ?? []);
  const begun = tasks.length - waits.length;
  const [why, ...otherWhys] = new Set(waits.map((wait) => waitWords(wait, time)));
  const verb = (count: number, word: string) => `${count} ${count === 1 ? `task ${word}s` : `tasks ${word}`}`;
  const waiting = verb(waits.length, "wait") + (why !== undefined && otherWhys.length === 0 ? `: ${why}` : "");
  const parts = [...(begun > 0 ? [verb(begun, "begin")] : []), ...(waits.length > 0 ? [waiting] : [])];
  return `${parts.join(", ")}. See them: tally queue`;
}

/** What failed lately, and what to do next: `1 task failed in the last 24 hours. See why: tally task k3j9x0abc`. */
export function failedWords(tasks: readonly Task[]): string {
  const [first, ...others] = tasks;
  if (first === undefined) return "";
  if (others.length === 0) return `1 task failed in the last 24 hours. See why: tally task ${shortId(first.id)}`;
  const ids = tasks.slice(0, MAX_LISTED).map(({ id }) => shortId(id));
  const more = tasks.length > MAX_LISTED ? ` and ${tasks.length - MAX_LISTED} more` : "";
  return `${tasks.length} tasks failed in the last 24 hours: ${ids.join(", ")}${more}. Try them again: tally queue retry --failed`;
}

/** What it waits for in a column of a table: `until 15:00`, `another task here`. */
export function shortWaitWords({ kind, until }: TaskWait, time: TimeSense): string {
  const isAhead = until !== null && until > time.nowMs;
  switch (kind) {
    case "pause":
      return isAhead ? `until ${clockWords(until, time)}` : "the end of a pause";
    case "slots":
      return "a free place";
    case "memory":
      return "free memory";
    case "writer":
      return "another task here";
    case "session":
      return "its session";
    case "worktree":
      return "its worktree";
    case "trial":
      return "a first try";
    case "retry":
      return isAhead ? `another try, ${clockWords(until, time)}` : "another try";
    case "person":
      return "you";
  }
}

/** `k3j9x0abc (Fix the tests)`. */
export function namedTask({ id, title }: Pick<Task, "id" | "title">): string {
  return `${shortId(id)} (${oneLine(title)})`;
}

/** How long it took, or has been running; null before it began. */
export function tookMs({ startedAt, endedAt }: Pick<Task, "startedAt" | "endedAt">, nowMs: number): number | null {
  return startedAt === null ? null : (endedAt ?? nowMs) - startedAt;
}

/** How an ended task ended: `Done in 2 min: 1.2k in, 340 out, $0.12`. */
export function endWords(task: Task, { nowMs }: TimeSense): string {
  const ms = tookMs(task, nowMs);
  const took = ms === null ? "" : ` ${task.state === "DONE" ? "in" : "after"} ${spentWords(ms)}`;
  const used = task.usage === null ? "" : usageWords(task.usage);
  switch (task.state) {
    case "DONE":
      return used === "" ? `Done${took}.` : `Done${took}: ${used}`;
    case "CANCELLED":
      return joined([`Cancelled${took}.`, task.details, used]);
    default:
      return joined([
        `Failed${took}:`,
        task.error ?? task.details ?? "nobody knows why.",
        used === "" ? null : `(${used})`,
      ]);
  }
}

function joined(parts: readonly (string | null)[]): string {
  return parts.flatMap((part) => (part === null || part === "" ? [] : [oneLine(part)])).join(" ");
}

/** What runs and what waits, in few words: `1 running, 3 queued`; empty when there is nothing. */
export function openTasksWords(tasks: readonly Task[], shown: (style: StyleName, text: string) => string): string {
  const counts = countOpen(tasks);
  const order = ["RUNNING", "QUEUED", "BLOCKED"] as const;
  return order
    .flatMap((state) => {
      const { word, style } = taskStateWords[state];
      return counts[state] === undefined ? [] : [shown(style, `${counts[state]} ${word}`)];
    })
    .join(", ");
}

/** How many handed-over tasks that have not ended are in which state; states that none is in are absent. */
export function countOpen(tasks: readonly Task[]): Partial<Record<TaskState, number>> {
  const counts: Partial<Record<TaskState, number>> = {};
  for (const { kind, state } of tasks) {
    if (kind === "run" && !isTaskEnded(state)) counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}
