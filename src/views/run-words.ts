import type { Task } from "../protocol/entities.ts";
import type { TaskWait } from "../protocol/tasks.ts";
import { oneLine, visible } from "../protocol/visible.ts";
import { clockTime, lengthWords } from "./limit-times.ts";
import { isQueued } from "./queue-rows.ts";
import type { QueueNode, RunNode } from "./tree-nodes.ts";
import { age, costWords, duration, stateWords, tokenWords } from "./wording.ts";

const MAX_TITLE_LENGTH = 60;
const MAX_WAIT_LENGTH = 120;
const SECOND_MS = 1_000;

/** `2 running · 5 waiting`. */
export function queueDescription({ running, waiting }: QueueNode): string {
  return [running > 0 ? `${running} running` : "", waiting > 0 ? `${waiting} waiting` : ""].filter(Boolean).join(" · ");
}

/** A task's title, as it stands in a sentence. */
export function runTitle({ title }: Task): string {
  return oneLine(title, MAX_TITLE_LENGTH);
}

/** What stands behind a task of the queue: what it waits for, or how long it has run; then where. What comes last is cut off first. */
export function runDescription(row: RunNode, now: number): string {
  return [untilWords(row.task, now) ?? waitInShort(row, now) ?? runningWords(row.task, now), row.place]
    .filter(Boolean)
    .join(" · ");
}

/** What a screen reader says of its row. */
export function runLabel(row: RunNode, now: number): string {
  const { task, place } = row;
  const wait = waitInShort(row, now);
  const state = wait === null ? `running, ${runningWords(task, now)}` : `${stateWords[task.state]}, ${wait}`;
  return `Task ${runTitle(task)}, ${state}${place === "" ? "" : `, in ${place}`}`;
}

/** Of one that a limit keeps back the icon says that; what matters is until when. */
function untilWords({ run }: Task, now: number): string | null {
  const wait = run?.waitsFor;
  return wait?.kind === "pause" && wait.until !== null ? `until ${clockTime(wait.until, now)}` : null;
}

function runningWords({ run, startedAt, createdAt }: Task, now: number): string {
  const since = age(startedAt ?? createdAt, now);
  return run?.via === "terminal" ? `in its terminal · ${since}` : since;
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
      return isBehind ? "after another task" : "worktree in use";
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

/** Whether a usage limit keeps it back. */
export function waitsForPause({ run, state }: Task): boolean {
  return run?.waitsFor?.kind === "pause" || (state === "BLOCKED" && run?.waitsFor === null);
}

/** Whether it does not go on until a person does something. */
export function needsPerson({ run }: Task): boolean {
  return run?.waitsFor?.kind === "person";
}

/** What stands behind a task that has ended, below its session: `12k tokens · 3m`. */
export function endedRunDescription({ usage, startedAt, endedAt }: Task, now: number): string {
  const took = isSeen(startedAt, endedAt ?? now) ? [duration(startedAt, endedAt ?? now)] : [];
  return [...(usage === null ? [] : [tokenWords(usage)]), ...took].join(" · ");
}

/** What became of a task, in one sentence, with what it took. */
export function outcomeWords(task: Task): string {
  const { state, startedAt, endedAt, usage } = task;
  const cost = usage === null ? null : costWords(usage);
  const facts = [usage === null ? "" : tokenWords(usage), cost ?? ""].filter(Boolean);
  const until = endedAt ?? startedAt ?? 0;
  const took = isSeen(startedAt, until) ? ` ${state === "DONE" ? "in" : "after"} ${duration(startedAt, until)}` : "";
  const more = facts.length > 0 ? ` (${facts.join(", ")})` : "";
  switch (state) {
    case "DONE":
      return `Done${took}${more}.`;
    case "ERROR":
      return `Failed${took}${more}: ${visible(task.error ?? task.details ?? "nobody knows why.")}`;
    default:
      return `Cancelled${took}${more}.`;
  }
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
