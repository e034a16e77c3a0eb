import * as vscode from "vscode";
import type { Worktree } from "../protocol/entities.ts";
import { visible } from "../protocol/visible.ts";
import { stateIcon } from "./state-icons.ts";
import { age, stateWords } from "../presentation/wording.ts";

/** The editor makes every space of a text one at which no line may break, and then breaks lines within words. */
export function breakAtSpaces(markdown: vscode.MarkdownString): vscode.MarkdownString {
  markdown.value = markdown.value.replace(/(?<=[^\s;])&nbsp;(?=[^\s&])/g, " ");
  return markdown;
}

/** The title, and below it the state and for how long. */
export function headed(title: string, state?: keyof typeof stateWords, since?: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString("", true);
  markdown.appendMarkdown("**").appendText(visible(title)).appendMarkdown("**");
  if (state === undefined) return markdown;
  markdown.appendMarkdown(`  \n$(${stateIcon(state).id}) `);
  return markdown.appendText([stateWords[state], ...(since === undefined ? [] : [since])].join(" · "));
}

export type Fact = readonly [label: string, value: string | null];

export function appendFacts(markdown: vscode.MarkdownString, facts: readonly Fact[]): void {
  markdown.appendMarkdown("\n\n");
  for (const [label, value] of facts) {
    if (value) markdown.appendMarkdown(`*${label}:* `).appendText(visible(value)).appendMarkdown("  \n");
  }
}

/** The ports of a worktree, each a link. */
export function appendPorts(markdown: vscode.MarkdownString, ports: Worktree["ports"]): void {
  for (const { name, port } of ports) {
    const url = `http://localhost:${port}`;
    markdown.appendMarkdown(`*Port:* [${url}](${url}) `).appendText(visible(name)).appendMarkdown("  \n");
  }
}

/** Text as it is, in a block of its own. The editor's own block ends at a fence in the text that is indented. */
export function appendBlock(markdown: vscode.MarkdownString, text: string): void {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  markdown.appendMarkdown(`\n\n${fence}text\n${text}\n${fence}\n`);
}

/** `just now`, `3m ago`. */
export function ago(at: number, now: number): string {
  const elapsed = age(at, now);
  return elapsed === "now" ? "just now" : `${elapsed} ago`;
}
