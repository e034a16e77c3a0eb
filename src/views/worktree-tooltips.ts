import type * as vscode from "vscode";
import { visible } from "../protocol/visible.ts";
import type { Operation, Step } from "../protocol/worktrees.ts";
import { isRunning, operationWords, repairWords, runningWords } from "../presentation/operation-words.ts";
import { processName, processState } from "../presentation/process-words.ts";
import { ago, appendFacts, appendPorts, headed } from "./tooltip-parts.ts";
import type { ProcessNode, WorktreeNode } from "../presentation/tree-nodes.ts";
import { branchWords, brokenWords, dirtyWords, driftWords } from "../presentation/worktree-words.ts";
import { countWords } from "../presentation/wording.ts";

const SHARED_MEANS = "These are links to the main checkout: a change there reaches every worktree.";

/** So many shared paths are named; of the others, how many they are. */
const MAX_SHARED = 8;

/** How a worktree stands, what it has, and what was or is being done to it. */
export function worktreeTooltip({ worktree, counts }: WorktreeNode, now: number): vscode.MarkdownString {
  const { standing, operation, shared, ports, status } = worktree;
  const markdown = headed(worktree.name);
  const broken = brokenWords(worktree);
  if (status === "seen") {
    markdown.appendMarkdown("\n\n").appendText("Tally did not make it. Adopt it, and Tally looks after it.");
  }
  if (broken !== null) {
    markdown.appendMarkdown("\n\n$(warning) ").appendText(visible(broken));
    const repair = operation && repairWords[operation.kind];
    if (repair) {
      markdown
        .appendMarkdown("\n\n*Repair Worktree* finishes it or undoes it.  \n*Finish:* ")
        .appendText(repair.finish);
      markdown.appendMarkdown("  \n*Undo:* ").appendText(repair.undo);
    }
  }
  if (isRunning(operation)) markdown.appendMarkdown("\n\n$(sync) ").appendText(runningWords(operation));
  appendFacts(markdown, [
    ["Folder", worktree.path],
    ["Branch", branchWords(worktree).replace(/^on branch /, "")],
    ["Began from", worktree.base],
    ["Against its base", driftWords(standing)],
    ["Not committed", dirtyWords(standing)],
    ["Sessions", countWords(counts)],
  ]);
  appendPorts(markdown, ports);
  if (shared.length > 0) {
    const more = shared.length - MAX_SHARED;
    const named = [...shared.slice(0, MAX_SHARED), ...(more > 0 ? [`${more} more`] : [])].join(", ");
    markdown.appendMarkdown("\n*Shared with the main checkout:* ").appendText(visible(named));
    markdown.appendMarkdown("  \n").appendText(SHARED_MEANS);
  }
  if (operation !== null) appendOperation(markdown, operation, now);
  return markdown;
}

const stepIcons: Record<Step["state"], string> = {
  pending: "circle-outline",
  running: "sync",
  done: "pass",
  skipped: "dash",
  failed: "error",
};

function appendOperation(markdown: vscode.MarkdownString, operation: Operation, now: number): void {
  const { steps, startedAt, endedAt } = operation;
  if (steps.length === 0) return;
  markdown.appendMarkdown("\n\n---\n\n");
  const title = operationWords(operation);
  markdown.appendText(`${title} ${ago(endedAt ?? startedAt, now)}`).appendMarkdown("  \n");
  for (const step of steps) {
    markdown.appendMarkdown(`$(${stepIcons[step.state]}) `).appendText(visible(step.label));
    if (step.detail) markdown.appendMarkdown(" · ").appendText(visible(step.detail));
    markdown.appendMarkdown("  \n");
  }
}

/** What a process is, how it is, and why. */
export function processTooltip({ process, worktree }: ProcessNode, now: number): vscode.MarkdownString {
  const { port, isListening, startedAt, endedAt } = process;
  const markdown = headed(processName(process));
  markdown.appendMarkdown("  \n").appendText(processState(process));
  markdown.appendMarkdown("\n\n").appendText(visible(process.reason));
  appendFacts(markdown, [
    ["Worktree", worktree.name],
    ["Command", process.command],
    ["Folder", process.cwd],
    ["Process", process.pid === null ? null : String(process.pid)],
    ["Started", startedAt === null ? null : ago(startedAt, now)],
    ["Ended", endedAt === null ? null : ago(endedAt, now)],
  ]);
  if (port !== null) {
    const url = `http://localhost:${port}`;
    markdown.appendMarkdown(`*Port:* [${url}](${url})`);
    if (isListening === false) markdown.appendText(" (nothing answers there)");
  }
  return markdown;
}

export function sharedTooltip(): vscode.MarkdownString {
  const markdown = headed("Shared with the main checkout");
  markdown.appendMarkdown("\n\n").appendText(SHARED_MEANS);
  return markdown;
}
