import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Session, Task, Usage } from "../../protocol/entities.ts";
import { isTaskEnded, type TaskState } from "../../protocol/states.ts";
import { noUsage } from "../../protocol/usage.ts";
import { oneLine } from "../../protocol/visible.ts";
import type { Activity, Reading, Signal } from "../agents/reading.ts";
import { blankTask } from "./blank-task.ts";
import type { Conclusion } from "../sessions/state/conclude.ts";

const MAX_TITLE_CHARS = 120;

/** The same prompt, told by two sources or twice, is the same task. */
export function promptTaskId(sessionId: string, key: string): string {
  const digest = createHash("sha256").update(key).digest("base64url").slice(0, 12);
  return `prompt-${sessionId}-${digest}`;
}

export interface Prompt {
  readonly key: string;
  readonly text: string;
  readonly at: number;
}

/** A prompt as a task under its session. One from before the session is a resumed conversation's, and over. */
export function newPromptTask(session: Session, { key, text, at }: Prompt): Task {
  const isPast = at < session.createdAt;
  return {
    ...blankTask,
    id: promptTaskId(session.id, key),
    projectId: session.projectId,
    sessionId: session.id,
    kind: "prompt",
    agent: session.agent,
    title: promptTitle(text),
    state: isPast ? "DONE" : "RUNNING",
    createdAt: at,
    updatedAt: at,
    endedAt: isPast ? at : null,
  };
}

/** The first line that says something, shortened. */
export function promptTitle(text: string): string {
  const line = text.split("\n").find((each) => each.trim() !== "") ?? "";
  return oneLine(line, MAX_TITLE_CHARS) || "(empty prompt)";
}

/** How a turn ended may be told after that it ended; it is dated to the same moment all the same, and the next turn's end is not. */
const SAME_END_MS = 100;

interface Said {
  readonly activity: Conclusion["activity"];
  readonly reason: Pick<Conclusion["reason"], "text" | "at">;
}

/** A prompt task as its session's conclusion wants it; the same object when that changes nothing. */
export function followConclusion(task: Task, { activity, reason }: Said): Task {
  if (activity === null) return task;
  const state = promptState(activity);
  if (isTaskEnded(task.state) && !tellsHowItEnded(task, state, reason.at)) return task;
  // An end of turn from before the prompt is another prompt's.
  if (isTaskEnded(state) && reason.at < task.createdAt) return task;
  const details = detailsAtEnd(state, reason.text) ?? task.details;
  if (task.state === state && task.details === details) return task;
  const endedAt = isTaskEnded(state) ? reason.at : null;
  return { ...task, state, details, updatedAt: Math.max(task.updatedAt, reason.at), endedAt };
}

/** What is to be said of a prompt that did not end well. How a source tells of an interruption is about what comes next. */
function detailsAtEnd(state: TaskState, why: string): string | null {
  if (state === "CANCELLED") return "You interrupted it.";
  return state === "ERROR" ? why : null;
}

function tellsHowItEnded({ state: before, endedAt }: Task, state: TaskState, at: number): boolean {
  const isSpecific = state === "CANCELLED" || state === "ERROR" || state === "BLOCKED";
  return before === "DONE" && isSpecific && endedAt !== null && at <= endedAt + SAME_END_MS;
}

function promptState(activity: NonNullable<Conclusion["activity"]>): TaskState {
  switch (activity) {
    case "working":
      return "RUNNING";
    case "waiting":
      return "WAITING_USER";
    case "idle":
      return "DONE";
    case "interrupted":
      return "CANCELLED";
    case "failed":
      return "ERROR";
    case "limited":
      return "BLOCKED";
  }
}

/** The prompts that these signals and this conclusion change, or add. @param known the session's prompts so far. */
export function changedPrompts(
  session: Session,
  known: readonly Task[],
  signals: readonly Signal[],
  conclusion: Conclusion | null,
): Task[] {
  const tasks = new Map(known.map((task) => [task.id, task]));
  for (const [index, { reading, at }] of signals.entries()) {
    if (reading.type === "activity" && endsPrompts(reading.activity, signals.slice(index + 1))) {
      const said = { activity: reading.activity, reason: { text: reading.text, at } };
      const { turnId } = reading;
      const ended = turnId === undefined ? null : promptTaskId(session.id, turnId);
      for (const [id, task] of tasks) if (ended === null || id === ended) tasks.set(id, followConclusion(task, said));
    }
    if (!isOfPrompt(reading)) continue;
    const id = promptTaskId(session.id, reading.key);
    const task = tasks.get(id);
    if (reading.type === "prompt") {
      if (!task) tasks.set(id, newPromptTask(session, { key: reading.key, text: reading.text, at }));
    } else if (task) {
      tasks.set(id, reading.type === "plan" ? withPlan(task, reading.text, at) : withUsage(task, reading.usage, at));
    }
  }
  if (conclusion) for (const [id, task] of tasks) tasks.set(id, followConclusion(task, conclusion));
  return [...tasks.values()].filter((task) => !known.includes(task));
}

/** Readings that name their prompt. */
type OfPrompt = Extract<Reading, { type: "prompt" | "prompt-usage" | "plan" }>;

function isOfPrompt(reading: Reading): reading is OfPrompt {
  return reading.type === "prompt" || reading.type === "prompt-usage" || reading.type === "plan";
}

/** The next prompt may come with the same signals, and then the conclusion is about that one alone. */
function endsPrompts(activity: Activity, later: readonly Signal[]): boolean {
  if (activity === "interrupted" || activity === "failed") return true;
  return activity === "idle" && later.some(({ reading }) => reading.type === "prompt");
}

function withPlan(task: Task, plan: string, at: number): Task {
  return task.plan === plan ? task : { ...task, plan, updatedAt: Math.max(task.updatedAt, at) };
}

function withUsage(task: Task, more: Partial<Usage>, at: number): Task {
  const usage = mergeUsage(task.usage, more);
  if (isDeepStrictEqual(usage, task.usage)) return task;
  return { ...task, usage, updatedAt: Math.max(task.updatedAt, at) };
}

/** An open prompt task whose session has ended. */
export function afterSessionEnd(task: Task, session: Session): Task {
  if (isTaskEnded(task.state) || session.endedAt === null) return task;
  const isCut = session.exitCode !== 0;
  const state = !isCut ? "DONE" : session.state === "DONE" ? "CANCELLED" : "ERROR";
  const details = isCut ? session.reason.text : task.details;
  return { ...task, state, details, updatedAt: session.endedAt, endedAt: session.endedAt };
}

/** The newer numbers over the older ones; what was never told is 0, and a cost that was never told is unknown. */
export function mergeUsage(before: Usage | null, more: Partial<Usage>): Usage {
  return { ...noUsage, ...before, ...more };
}
