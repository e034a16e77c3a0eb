import * as vscode from "vscode";
import type { Session, Task } from "../protocol/entities.ts";
import type { ProjectNode, TreeNode } from "./tree-model.ts";
import { age, countWords, sourceWords, stateWords } from "./wording.ts";

/** What the tree says of a row when the pointer rests on it. Nothing that an agent wrote is taken for markup. */
export function tooltipOf(node: TreeNode, now: number): vscode.MarkdownString {
  switch (node.kind) {
    case "project":
      return projectTooltip(node);
    case "session":
      return sessionTooltip(node.session, now);
    case "task":
      return taskTooltip(node.task, now);
  }
}

const origins: Record<Session["origin"], string> = { editor: "the editor", cli: "a terminal", http: "another program" };

function projectTooltip({ project, counts }: ProjectNode): vscode.MarkdownString {
  return lines(
    [project.name],
    [],
    ["Folder", project.path],
    ["Sessions", countWords(counts)],
    ["Opens in", project.preferredIde],
  );
}

function sessionTooltip(session: Session, now: number): vscode.MarkdownString {
  return lines(
    [session.title, `${stateWords[session.state]} · ${age(session.stateSince, now)}`],
    [session.reason.text],
    ["Known from", `${sourceWords[session.reason.source]}, ${ago(session.reason.at, now)}`],
    ["Command", session.command.join(" ")],
    ["Folder", session.cwd],
    ["Started", `from ${origins[session.origin]}, ${ago(session.createdAt, now)}`],
    ["Terminal", session.mode === "pipes" ? "none: it runs in the pipes of the command that started it" : null],
    ["Id", session.id],
  );
}

function taskTooltip(task: Task, now: number): vscode.MarkdownString {
  return lines(
    [task.title, `${stateWords[task.state]} · ${age(task.updatedAt, now)}`],
    [task.details ?? ""],
    ["Agent", task.agent],
    ["Reported", task.kind === "foreign" ? "by another tool" : null],
    ["Id", task.id],
  );
}

type Fact = readonly [label: string, value: string | null];

function lines(
  [title, state]: readonly [title: string, state?: string],
  [reason]: readonly [reason?: string],
  ...facts: readonly Fact[]
): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.appendMarkdown("**").appendText(title).appendMarkdown("**");
  if (state) markdown.appendMarkdown("  \n").appendText(state);
  if (reason) markdown.appendMarkdown("\n\n").appendText(reason);
  markdown.appendMarkdown("\n\n");
  for (const [label, value] of facts) {
    if (value) markdown.appendMarkdown(`*${label}:* `).appendText(value).appendMarkdown("  \n");
  }
  return markdown;
}

function ago(at: number, now: number): string {
  const elapsed = age(at, now);
  return elapsed === "now" ? "just now" : `${elapsed} ago`;
}
