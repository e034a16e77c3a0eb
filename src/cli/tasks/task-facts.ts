import type { Session, Task } from "../../protocol/entities.ts";
import { isTaskEnded } from "../../protocol/states.ts";
import { formatAge } from "../screen/age.ts";
import { agentLines, oneLine } from "../screen/request-text.ts";
import { type Fact, formatFacts } from "../screen/session-facts.ts";
import type { Surface } from "../screen/surface.ts";
import { clockWords, durationWords, spentWords } from "../screen/time-words.ts";
import { usageWords } from "../screen/usage-words.ts";
import { type TaskSurroundings, whereWords } from "./queue-table.ts";
import { taskStateWords, tookMs, waitOf, waitWords } from "./task-words.ts";

interface KnownTask extends TaskSurroundings {
  readonly task: Task;
  readonly session: Session | null;
}

/** One line a fact, then the prompt and what came of it in full. */
export function formatTask({ task, session, ...surroundings }: KnownTask, surface: Surface): string[] {
  const { run, usage } = task;
  const { word, style } = taskStateWords[task.state];
  const wait = waitOf(task);
  const ms = tookMs(task, surface.nowMs);
  const isEnded = isTaskEnded(task.state);
  const facts: Fact[] = [
    { name: "title", value: oneLine(task.title) },
    { name: "id", value: task.id },
    { name: "state", value: word, style },
    { name: "waits for", value: wait === null ? null : waitWords(wait, surface) },
    { name: "why", value: task.error === null ? null : oneLine(task.error), style: "red" },
    { name: "details", value: task.details === null || task.details === task.error ? null : oneLine(task.details) },
    { name: "type", value: task.type },
    { name: "agent", value: task.agent },
    { name: "where", value: whereWords(task, surroundings) },
    { name: "folder", value: session?.cwd ?? null },
    { name: "session", value: session === null ? task.sessionId : `${session.id}  ${oneLine(session.title)}` },
    { name: "created", value: ago(task.createdAt, surface) },
    { name: "began", value: task.startedAt === null ? null : ago(task.startedAt, surface) },
    { name: "ended", value: task.endedAt === null ? null : ago(task.endedAt, surface) },
    { name: isEnded ? "took" : "runs for", value: ms === null || wait !== null ? null : spentWords(ms) },
    { name: "time limit", value: run?.timeLimitMs ? durationWords(run.timeLimitMs) : null },
    { name: "begun", value: run !== null && run.attempts > 1 ? `${run.attempts} times` : null },
    { name: "tokens", value: usage === null ? null : usageWords(usage) },
    { name: "exit", value: exitWords(task) },
  ];
  return [
    ...formatFacts(facts, surface),
    ...block("prompt", task.description === task.title ? null : task.description, surface),
    ...block("plan", task.plan, surface),
    ...block("result", task.result, surface),
  ];
}

function ago(atMs: number, surface: Surface): string {
  return `${clockWords(atMs, surface)}, ${formatAge(surface.nowMs - atMs)} ago`;
}

/** Only one that says more than the state does. */
function exitWords({ run }: Task): string | null {
  if (run === null) return null;
  if (run.exitSignal !== null) return `by ${run.exitSignal}`;
  return run.exitCode === null || run.exitCode === 0 ? null : `with exit code ${run.exitCode}`;
}

function block(name: string, text: string | null, { style, width }: Surface): string[] {
  return text === null || text === "" ? [] : ["", style("dim", name), ...agentLines(text, width)];
}
