import type * as vscode from "vscode";
import type { AgentRequest } from "../protocol/requests.ts";
import type { Reason, Session, Task } from "../protocol/entities.ts";
import { visible } from "../protocol/visible.ts";
import { continuationInFull } from "../presentation/continuation-words.ts";
import { accountTooltip, pauseTooltip } from "./limit-tooltips.ts";
import { endedRunTooltip, queueTooltip, runTooltip } from "./run-tooltips.ts";
import { groupLabel, endedDescription } from "../presentation/group-words.ts";
import { branchWords } from "../presentation/worktree-words.ts";
import type { Model } from "../protocol/model.ts";
import { ago, appendBlock, appendFacts, appendPorts, breakAtSpaces, headed } from "./tooltip-parts.ts";
import type { EarlierNode, EndedNode, ProjectNode, SessionNode, TreeNode } from "../presentation/tree-nodes.ts";
import { shownState } from "../presentation/tree-order.ts";
import { processTooltip, sharedTooltip, worktreeTooltip } from "./worktree-tooltips.ts";
import { age, costWords, countWords, duration, sourceWords, usageWords } from "../presentation/wording.ts";

/** A tooltip that needs scrolling is not read; the whole request is one command away. */
const MAX_REQUEST_LENGTH = 600;
const MAX_REQUEST_LINES = 8;

/** What the tree says of a row when the pointer rests on it. Nothing that an agent wrote is taken for markup. */
export function tooltipOf(node: TreeNode, now: number, model: Model): vscode.MarkdownString {
  return breakAtSpaces(contentOf(node, now, model));
}

function contentOf(node: TreeNode, now: number, model: Model): vscode.MarkdownString {
  switch (node.kind) {
    case "queue":
      return queueTooltip(node);
    case "run":
      return runTooltip(node, now);
    case "later":
      return headed(`${node.children.length} more tasks that wait`);
    case "more":
      return headed(`${node.children.length} more tasks of other tools`);
    case "group":
      return headed(groupLabel(node));
    case "ended":
      return endedTooltip(node);
    case "project":
      return projectTooltip(node);
    case "worktree":
      return worktreeTooltip(node, now);
    case "session":
      return sessionTooltip(node, now, model);
    case "process":
      return processTooltip(node, now);
    case "shared":
    case "sharedPath":
      return sharedTooltip();
    case "task":
      return node.task.kind === "run" ? endedRunTooltip(node.task, now) : taskTooltip(node.task, now);
    case "earlier":
      return earlierTooltip(node);
    case "pause":
      return pauseTooltip(node, now);
    case "account":
      return accountTooltip(node.account, now);
  }
}

const origins: Record<Session["origin"], string> = { editor: "the editor", cli: "a terminal", http: "another program" };

function projectTooltip({ project, counts }: ProjectNode): vscode.MarkdownString {
  const markdown = headed(project.name);
  appendFacts(markdown, [
    ["Folder", project.path],
    ["Sessions", countWords(counts)],
    ["Opens in", project.preferredIde],
  ]);
  return markdown;
}

function endedTooltip(node: EndedNode): vscode.MarkdownString {
  const markdown = headed(`Ended: ${endedDescription(node)}`);
  return markdown.appendMarkdown("\n\n*Archive Ended Sessions* puts them away. Nothing of them is lost.");
}

function sessionTooltip(
  { session, project, isPauseOver }: SessionNode,
  now: number,
  { worktrees, accounts }: Model,
): vscode.MarkdownString {
  const { reason, request, usage, endedAt, archivedAt, exitCode, exitSignal } = session;
  const worktree = session.worktreeId === null ? undefined : worktrees.get(session.worktreeId);
  const account = session.accountId === null ? undefined : accounts.get(session.accountId);
  const markdown = headed(session.title, shownState(session), age(session.stateSince, now));
  markdown.appendMarkdown("\n\n").appendText(visible(reason.text));
  if (request !== null) appendRequest(markdown, request);
  if (reason.caveat !== null) markdown.appendMarkdown("\n\n$(warning) ").appendText(visible(reason.caveat));
  const terminal = terminalWords[session.mode];
  appendFacts(markdown, [
    ["Limit", continuationInFull(session, now, isPauseOver)],
    ["Known from", provenance(reason, now)],
    ["Agent", [session.agent, session.agentVersion ?? ""].join(" ").trim()],
    ["Model", session.model],
    ["Prompts", session.promptCount > 0 ? String(session.promptCount) : null],
    ["Tokens", usage && usageWords(usage)],
    ["Cost", usage && costWords(usage)],
    ["Account", account?.label ?? null],
    ["Persona", session.persona],
    ["Project", project.name],
    ["Worktree", worktree?.name ?? null],
    ["Branch", worktree ? branchWords(worktree).replace(/^on branch /, "") : null],
    ["Folder", session.cwd],
    ["Command", session.command.join(" ")],
    ["Started", `from ${origins[session.origin]}, ${ago(session.createdAt, now)}`],
    ["Ended", endedAt === null ? null : [ago(endedAt, now), ...exitWords(exitCode, exitSignal)].join(", ")],
    ["Archived", archivedAt === null ? null : ago(archivedAt, now)],
    ["Terminal", terminal],
    ["Id", session.id],
  ]);
  if (worktree) appendPorts(markdown, worktree.ports);
  return markdown;
}

/** How its process ended, where that says something. */
function exitWords(exitCode: number | null, signal: string | null): string[] {
  if (signal !== null) return [signal];
  return exitCode === null || exitCode === 0 ? [] : [`exit code ${exitCode}`];
}

function taskTooltip(task: Task, now: number): vscode.MarkdownString {
  const isPrompt = task.kind === "prompt";
  const markdown = headed(task.title, task.state, isPrompt ? undefined : age(task.updatedAt, now));
  if (task.details) markdown.appendMarkdown("\n\n").appendText(visible(task.details));
  appendFacts(markdown, [
    ["Agent", isPrompt ? null : task.agent],
    ["Reported", task.kind === "foreign" ? "by another tool" : null],
    ["Began", isPrompt ? ago(task.createdAt, now) : null],
    [task.endedAt === null ? "Takes" : "Took", isPrompt ? duration(task.createdAt, task.endedAt ?? now) : null],
    ["Tokens", task.usage && usageWords(task.usage)],
    ["Cost", task.usage && costWords(task.usage)],
    ["Id", isPrompt ? null : task.id],
  ]);
  return markdown;
}

function earlierTooltip({ children }: EarlierNode): vscode.MarkdownString {
  return headed(`${children.length} earlier prompts of this session`);
}

/** All of what would be allowed or chosen, as far as a tooltip can hold it. */
function appendRequest(markdown: vscode.MarkdownString, { detail }: AgentRequest): void {
  const text = visible(detail);
  if (text === "") return;
  const beginning = text.slice(0, MAX_REQUEST_LENGTH).split("\n").slice(0, MAX_REQUEST_LINES).join("\n");
  const isWhole = beginning === text;
  appendBlock(markdown, isWhole ? text : `${beginning}…`);
  if (!isWhole) markdown.appendMarkdown("\n*Review Request* shows all of it.");
}

/** Why no terminal of it can be shown here. */
const terminalWords: Record<Session["mode"], string | null> = {
  pty: null,
  pipes: "none: it runs in the pipes of the command that started it",
  external: "not Tally's: another tool started it in a terminal of its own",
  headless: "none: it works task by task, and a click shows what it did last",
};

/** Which source said so, in which of its signals, and when: `the agent's hooks (PermissionRequest hook), 3m ago`. */
function provenance({ source, signal, at }: Reason, now: number): string {
  return `${sourceWords[source]}${signal === null ? "" : ` (${signal})`}, ${ago(at, now)}`;
}
