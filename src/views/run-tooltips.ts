import type * as vscode from "vscode";
import type { Task } from "../protocol/entities.ts";
import { visible } from "../protocol/visible.ts";
import { queueDescription, tookWords, waitInShort } from "../presentation/run-words.ts";
import { isQueued } from "../presentation/queue-rows.ts";
import { ago, appendBlock, appendFacts, type Fact, headed } from "./tooltip-parts.ts";
import type { QueueNode, RunNode } from "../presentation/tree-nodes.ts";
import { costWords, duration, usageWords } from "../presentation/wording.ts";
import { lengthWords } from "../presentation/limit-times.ts";

/** A tooltip that needs scrolling is not read; the whole prompt is one command away. */
const MAX_TEXT_LENGTH = 600;
const MAX_TEXT_LINES = 8;

export function queueTooltip(node: QueueNode): vscode.MarkdownString {
  const markdown = headed("Tasks handed over to Tally");
  markdown.appendMarkdown("\n\n").appendText(queueDescription(node));
  markdown.appendMarkdown("\n\nDrag those that wait into another order. *Add Task* adds one.");
  return markdown;
}

/** Of a task of the queue. */
export function runTooltip(row: RunNode, now: number): vscode.MarkdownString {
  const { task, place, account, session } = row;
  const isWaiting = isQueued(task);
  const markdown = isWaiting
    ? headed(task.title, task.state)
    : headed(task.title, task.state, duration(task.startedAt ?? task.createdAt, now));
  const why = task.run?.waitsFor?.text ?? waitInShort(row, now);
  if (why !== null && isWaiting) markdown.appendMarkdown("\n\n").appendText(visible(why));
  appendPrompt(markdown, task);
  appendFacts(markdown, [
    ["Where", place],
    ["Session", session?.title ?? (task.sessionId === null ? "a new one" : null)],
    ["Account", account],
    ["Added", isWaiting ? ago(task.createdAt, now) : null],
    ...commonFacts(task),
  ]);
  return markdown;
}

/** Of a task that has ended, below its session. */
export function endedRunTooltip(task: Task, now: number): vscode.MarkdownString {
  const markdown = headed(task.title, task.state, ago(task.endedAt ?? task.updatedAt, now));
  const outcome = task.error ?? task.result ?? task.details;
  if (outcome) markdown.appendMarkdown("\n\n").appendText(shortened(outcome));
  appendPrompt(markdown, task);
  appendFacts(markdown, commonFacts(task));
  return markdown;
}

function commonFacts(task: Task): Fact[] {
  const { run, startedAt, endedAt, usage } = task;
  const attempts = run?.attempts ?? 0;
  const limitMs = run?.timeLimitMs ?? null;
  return [
    ["Agent", task.agent],
    ["Took", startedAt === null || endedAt === null ? null : tookWords(endedAt - startedAt)],
    ["Begun", attempts > 1 ? `${attempts} times` : null],
    ["Time limit", limitMs === null || endedAt !== null ? null : lengthWords(limitMs)],
    ["Tokens", usage && usageWords(usage)],
    ["Cost", usage && costWords(usage)],
    ["Id", task.id],
  ];
}

/** Where the title does not say it all. */
function appendPrompt(markdown: vscode.MarkdownString, { title, description }: Task): void {
  if (description === null || description.trim() === title) return;
  appendBlock(markdown, shortened(description));
}

function shortened(text: string): string {
  const whole = visible(text).trim();
  const beginning = whole.slice(0, MAX_TEXT_LENGTH).split("\n").slice(0, MAX_TEXT_LINES).join("\n");
  return beginning === whole ? whole : `${beginning}…`;
}
