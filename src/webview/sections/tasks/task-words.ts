import { type Fact, knownFacts } from "../../../presentation/facts.ts";
import { tookWords } from "../../../presentation/run-words.ts";
import { lengthWords } from "../../../presentation/limit-times.ts";
import { age, costWords, stateWords, tokenWords, usageWords } from "../../../presentation/wording.ts";
import type { Task } from "../../../protocol/entities.ts";
import { isTaskEnded, type TaskState } from "../../../protocol/states.ts";
import { oneLine } from "../../../protocol/visible.ts";

const MAX_TITLE_LENGTH = 200;
const MAX_ERROR_LENGTH = 200;

/** A task's title on one line, as long as a wide page shows. */
export function taskTitle({ title }: Pick<Task, "title">): string {
  return oneLine(title, MAX_TITLE_LENGTH);
}

/** What became of it, or what it does, in a word. */
export function stateWord(state: TaskState): string {
  return state === "ERROR" ? "failed" : stateWords[state];
}

/** `failed · 3m ago · claude · shop`, then what it took. */
export function taskFactsInShort(task: Task, place: string, now: number): readonly string[] {
  const { state, agent, usage, startedAt, createdAt, endedAt } = task;
  const since = age(endedAt ?? startedAt ?? createdAt, now);
  const ago = since === "now" ? "just now" : endedAt === null ? since : `${since} ago`;
  const took = endedAt === null || startedAt === null ? [] : [tookWords(endedAt - startedAt)];
  const cost = usage === null ? null : costWords(usage);
  return [
    stateWord(state),
    ago,
    agent,
    ...(place === "" ? [] : [place]),
    ...took,
    ...(usage === null ? [] : [tokenWords(usage)]),
    ...(cost === null ? [] : [cost]),
  ];
}

/** Why it failed, on one line; null where it did not. */
export function errorInShort({ state, error, details }: Task): string | null {
  return state === "ERROR" ? oneLine(error ?? details ?? "Nobody knows why.", MAX_ERROR_LENGTH) : null;
}

/** What a screen reader says of a row: what is seen of it. */
export function taskLabel(task: Task, facts: readonly string[]): string {
  return [`Task ${taskTitle(task)}`, ...facts].join(", ");
}

/** What is known of a task beside its texts. */
export function taskFacts(
  task: Task,
  {
    place,
    account,
    session,
  }: { readonly place: string; readonly account: string | null; readonly session: string | null },
): readonly Fact[] {
  const { run, startedAt, endedAt, usage } = task;
  const attempts = run?.attempts ?? 0;
  const limitMs = run?.timeLimitMs ?? null;
  return knownFacts([
    ["Where", place],
    ["Agent", task.agent],
    ["Account", account],
    ["Session", session],
    ["Took", startedAt === null || endedAt === null ? null : tookWords(endedAt - startedAt)],
    ["Begun", attempts > 1 ? `${attempts} times` : null],
    ["Time limit", limitMs === null || isTaskEnded(task.state) ? null : lengthWords(limitMs)],
    ["Tokens", usage && usageWords(usage)],
    ["Cost", usage && costWords(usage)],
    ["Id", task.id],
  ]);
}
