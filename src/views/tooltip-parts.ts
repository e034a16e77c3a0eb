import * as vscode from "vscode";
import { visible } from "../protocol/visible.ts";
import { stateIcon } from "./state-icons.ts";
import { age, stateWords } from "./wording.ts";

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

/** `just now`, `3m ago`. */
export function ago(at: number, now: number): string {
  const elapsed = age(at, now);
  return elapsed === "now" ? "just now" : `${elapsed} ago`;
}
