import * as vscode from "vscode";
import type { AgentRequest } from "../protocol/requests.ts";
import type { Reason, Session, Task } from "../protocol/entities.ts";
import { visible } from "../protocol/visible.ts";
import { stateIcon } from "./state-icons.ts";
import { type EarlierNode, type ProjectNode, type TreeNode } from "./tree-model.ts";
import { shownState } from "./tree-order.ts";
import { age, costWords, countWords, duration, sourceWords, stateWords, usageWords } from "./wording.ts";

/** A tooltip that needs scrolling is not read; the whole request is one command away. */
const MAX_REQUEST_LENGTH = 600;
const MAX_REQUEST_LINES = 8;

/** What the tree says of a row when the pointer rests on it. Nothing that an agent wrote is taken for markup. */
export function tooltipOf(node: TreeNode, now: number): vscode.MarkdownString {
  const markdown = contentOf(node, now);
  // The editor makes every space of a text one at which no line may break, and then breaks lines within words.
  markdown.value = markdown.value.replace(/(?<=[^\s;])&nbsp;(?=[^\s&])/g, " ");
  return markdown;
}

function contentOf(node: TreeNode, now: number): vscode.MarkdownString {
  switch (node.kind) {
    case "project":
      return projectTooltip(node);
    case "session":
      return sessionTooltip(node.session, now);
    case "task":
      return taskTooltip(node.task, now);
    case "earlier":
      return earlierTooltip(node);
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

function sessionTooltip(session: Session, now: number): vscode.MarkdownString {
  const { reason, request, usage } = session;
  const markdown = headed(session.title, shownState(session), age(session.stateSince, now));
  markdown.appendMarkdown("\n\n").appendText(visible(reason.text));
  if (request !== null) appendRequest(markdown, request);
  if (reason.caveat !== null) markdown.appendMarkdown("\n\n$(warning) ").appendText(visible(reason.caveat));
  appendFacts(markdown, [
    ["Known from", provenance(reason, now)],
    ["Agent", [session.agent, session.agentVersion ?? ""].join(" ").trim()],
    ["Model", session.model],
    ["Prompts", session.promptCount > 0 ? String(session.promptCount) : null],
    ["Tokens", usage && usageWords(usage)],
    ["Cost", usage && costWords(usage)],
    ["Command", session.command.join(" ")],
    ["Folder", session.cwd],
    ["Started", `from ${origins[session.origin]}, ${ago(session.createdAt, now)}`],
    ["Terminal", session.mode === "pipes" ? "none: it runs in the pipes of the command that started it" : null],
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

/** The title, and below it the state and for how long. */
function headed(title: string, state?: keyof typeof stateWords, since?: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString("", true);
  markdown.appendMarkdown("**").appendText(visible(title)).appendMarkdown("**");
  if (state === undefined) return markdown;
  markdown.appendMarkdown(`  \n$(${stateIcon(state).id}) `);
  return markdown.appendText([stateWords[state], ...(since === undefined ? [] : [since])].join(" · "));
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

/** Which source said so, in which of its signals, and when: `the agent's hooks (PermissionRequest hook), 3m ago`. */
function provenance({ source, signal, at }: Reason, now: number): string {
  return `${sourceWords[source]}${signal === null ? "" : ` (${signal})`}, ${ago(at, now)}`;
}

type Fact = readonly [label: string, value: string | null];

function appendFacts(markdown: vscode.MarkdownString, facts: readonly Fact[]): void {
  markdown.appendMarkdown("\n\n");
  for (const [label, value] of facts) {
    if (value) markdown.appendMarkdown(`*${label}:* `).appendText(visible(value)).appendMarkdown("  \n");
  }
}

function ago(at: number, now: number): string {
  const elapsed = age(at, now);
  return elapsed === "now" ? "just now" : `${elapsed} ago`;
}
