import type * as vscode from "vscode";
import type { AgentRequest } from "../protocol/requests.ts";
import type { Reason, Session, Task } from "../protocol/entities.ts";
import { visible } from "../protocol/visible.ts";
import { continuationInFull } from "./continuation-words.ts";
import { accountTooltip, pauseTooltip } from "./limit-tooltips.ts";
import { endedRunTooltip, queueTooltip, runTooltip } from "./run-tooltips.ts";
import { ago, appendFacts, breakAtSpaces, headed } from "./tooltip-parts.ts";
import type { EarlierNode, ProjectNode, SessionNode, TreeNode } from "./tree-nodes.ts";
import { shownState } from "./tree-order.ts";
import { processTooltip, sharedTooltip, worktreeTooltip } from "./worktree-tooltips.ts";
import { age, costWords, countWords, duration, sourceWords, usageWords } from "./wording.ts";

/** A tooltip that needs scrolling is not read; the whole request is one command away. */
const MAX_REQUEST_LENGTH = 600;
const MAX_REQUEST_LINES = 8;

/** What the tree says of a row when the pointer rests on it. Nothing that an agent wrote is taken for markup. */
export function tooltipOf(node: TreeNode, now: number): vscode.MarkdownString {
  return breakAtSpaces(contentOf(node, now));
}

function contentOf(node: TreeNode, now: number): vscode.MarkdownString {
  switch (node.kind) {
    case "queue":
      return queueTooltip(node);
    case "run":
      return runTooltip(node, now);
    case "project":
      return projectTooltip(node);
    case "worktree":
      return worktreeTooltip(node, now);
    case "session":
      return sessionTooltip(node, now);
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

function sessionTooltip({ session, isPauseOver }: SessionNode, now: number): vscode.MarkdownString {
  const { reason, request, usage } = session;
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
    ["Command", session.command.join(" ")],
    ["Folder", session.cwd],
    ["Started", `from ${origins[session.origin]}, ${ago(session.createdAt, now)}`],
    ["Persona", session.persona],
    ["Terminal", terminal],
    ["Id", session.id],
  ]);
  return markdown;
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
  markdown.appendMarkdown("\n").appendCodeblock(isWhole ? text : `${beginning}…`, "text");
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
