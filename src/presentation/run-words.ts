import type { Task } from "../protocol/entities.ts";
import type { TaskWait } from "../protocol/tasks.ts";
import { oneLine, visible } from "../protocol/visible.ts";
import { clockTime, lengthWords } from "./limit-times.ts";
import { isQueued } from "./queue-rows.ts";
import type { QueueNode, RunNode } from "./tree-nodes.ts";
import { age, badEndWords, costWords, duration, stateWords, tokenWords, usageWords } from "./wording.ts";

const MAX_TITLE_LENGTH = 60;
const MAX_WAIT_LENGTH = 120;
/** Of a session that is waited for: more of it is seen in no row. */
const MAX_WRITER_LENGTH = 20;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** `2 running · 5 waiting`. */
export function queueDescription({ running, waiting }: Pick<QueueNode, "running" | "waiting">): string {
  return [running > 0 ? `${running} running` : "", waiting > 0 ? `${waiting} waiting` : ""].filter(Boolean).join(" · ");
}

/** A task's title, as it stands in a sentence. */
export function runTitle({ title }: Task): string {
  return oneLine(title, MAX_TITLE_LENGTH);
}

/** So much of a row of the queue is seen in a side bar of the usual width. */
const ROW_CHARS = 29;
/** With less than this of its title, a task is not told apart from its neighbours. */
const MIN_TITLE_CHARS = 16;

/** A task's title in the queue, which leaves room for what stands behind it. */
export function runRowTitle(row: RunNode, now: number): string {
  return oneLine(row.task.title, Math.max(MIN_TITLE_CHARS, ROW_CHARS - stateInShort(row, now).length));
}

/** What stands behind a task of the queue: what it waits for, or how long it has run; then where, if all of that is seen. */
export function runDescription(row: RunNode, now: number): string {
  const state = stateInShort(row, now);
  const whole = [state, row.place].filter(Boolean).join(" · ");
  return runRowTitle(row, now).length + whole.length <= ROW_CHARS ? whole : state;
}

/** What a screen reader says of its row. */
export function runLabel(row: RunNode, now: number): string {
  const { task, place } = row;
  const wait = waitInShort(row, now);
  const state = wait === null ? runningLabel(task, now) : `${stateWords[task.state]}, ${wait}`;
  return `Task ${runTitle(task)}, ${state}${place === "" ? "" : `, in ${place}`}`;
}

/** Until when an account is paused is said once, by the row of its pause. */
function stateInShort(row: RunNode, now: number): string {
  if (isQueued(row.task) && row.task.run?.waitsFor?.kind === "pause") return "paused";
  return waitInShort(row, now) ?? runningWords(row.task, now);
}

/** A row is drawn anew once a minute, so it counts no seconds. */
function runningWords({ run, startedAt, createdAt }: Task, now: number): string {
  const begunAt = startedAt ?? createdAt;
  const since = now - begunAt < MINUTE_MS ? "<1m" : age(begunAt, now);
  return run?.via === "terminal" ? `${since} · in its terminal` : since;
}

function runningLabel({ run, startedAt, createdAt }: Task, now: number): string {
  const where = run?.via === "terminal" ? " in its terminal" : "";
  const begunAt = startedAt ?? createdAt;
  return `running${where} for ${now - begunAt < MINUTE_MS ? "less than a minute" : age(begunAt, now)}`;
}

/** What a task waits for, in few words; null for one that runs. */
export function waitInShort({ task, session, isBehind }: RunNode, now: number): string | null {
  if (!isQueued(task)) return null;
  const wait = task.run?.waitsFor ?? null;
  if (wait === null) return task.state === "BLOCKED" ? "stopped by a limit" : "starting";
  const { kind, until, text } = wait;
  switch (kind) {
    case "pause":
      return until === null ? "paused" : `paused until ${clockTime(until, now)}`;
    case "slots":
      return "no free slot";
    case "memory":
      return "too little memory";
    case "writer":
      return writerInShort(text) ?? (isBehind ? "after another task" : "worktree in use");
    case "session":
      return session?.isWaiting ? "session waits for you" : "session is busy";
    case "worktree":
      return "worktree not ready";
    case "trial":
      return "after another task's try";
    case "retry":
      return until === null ? "tries again" : `tries again ${clockTime(until, now)}`;
    case "person":
      return `needs you: ${oneLine(text, MAX_WAIT_LENGTH)}`;
  }
}

/** The session or task that comes before it in its worktree, which the gateway names in a sentence (server/tasks/queue-facts.ts, queue-plan.ts). */
function writerInShort(text: string): string | null {
  const title = /^(?:Session|Task) (.+) (?:works|goes on|comes first) in its worktree\b/s.exec(text)?.[1];
  return title === undefined ? null : `after ${oneLine(title, MAX_WRITER_LENGTH)}`;
}

/** Whether a usage limit keeps it back. */
export function waitsForPause({ run, state }: Task): boolean {
  return run?.waitsFor?.kind === "pause" || (state === "BLOCKED" && run?.waitsFor === null);
}

/** Whether it does not go on until a person does something. */
export function needsPerson({ run }: Task): boolean {
  return run?.waitsFor?.kind === "person";
}

/** What stands behind a task that has ended, below its session: `12k tokens · 3m`, and that it did not end well. */
export function endedRunDescription(task: Task, now: number): string {
  const { usage, startedAt, endedAt } = task;
  const took = isSeen(startedAt, endedAt ?? now) ? [duration(startedAt, endedAt ?? now)] : [];
  return [...badEndWords(task), ...(usage === null ? [] : [tokenWords(usage)]), ...took].join(" · ");
}

/** What became of a task, with what it took, in the words of `tally task follow`: `Done in 2 min: 1.2k in, 340 out, $0.12`. */
export function outcomeWords({ state, startedAt, endedAt, usage, error, details }: Task): string {
  const ms = startedAt === null ? null : (endedAt ?? startedAt) - startedAt;
  const took = ms === null ? "" : ` ${state === "DONE" ? "in" : "after"} ${tookWords(ms)}`;
  const used = usage === null ? "" : [usageWords(usage), costWords(usage) ?? ""].filter(Boolean).join(", ");
  switch (state) {
    case "DONE":
      return used === "" ? `Done${took}.` : `Done${took}: ${used}`;
    case "ERROR":
      return `Failed${took}: ${visible(error ?? details ?? "nobody knows why.")}${used === "" ? "" : ` (${used})`}`;
    default:
      return [`Cancelled${took}.`, visible(details ?? ""), used].filter(Boolean).join(" ");
  }
}

/** How long something took: `40 s`, `3 min`, `2 h 13 min`. */
export function tookWords(ms: number): string {
  if (ms < SECOND_MS) return "<1 s";
  return ms < MINUTE_MS ? `${Math.ceil(ms / SECOND_MS)} s` : lengthWords(ms);
}

/** Whether it began, and took as long as is worth a word. */
function isSeen(startedAt: number | null, until: number): startedAt is number {
  return startedAt !== null && until - startedAt >= SECOND_MS;
}

/** What is said of a task that was just added. */
export function addedWords(task: Task, wait: TaskWait | null, now: number): string {
  const title = `"${runTitle(task)}"`;
  if (wait?.kind !== "pause") return `Added ${title} to the queue.`;
  if (wait.until === null) return `Added ${title}. Its account is paused: it begins once that is over.`;
  const left = wait.until > now ? `, in ${lengthWords(wait.until - now)}` : "";
  return `Added ${title}. Its account is paused: it begins ${clockTime(wait.until, now)}${left}.`;
}

/** That a task failed, or does not go on by itself, for a notification. */
export function failureWords(task: Task): string {
  const title = `Task "${runTitle(task)}"`;
  if (task.state === "ERROR") return `${title} failed: ${task.error ?? task.details ?? "nobody knows why."}`;
  return `${title} needs you: ${task.run?.waitsFor?.text ?? ""}`;
}
