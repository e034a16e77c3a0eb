import type * as vscode from "vscode";
import type { Account } from "../protocol/limits.ts";
import { visible } from "../protocol/visible.ts";
import {
  currentQuotas,
  pauseReason,
  pauseTitle,
  quotaWords,
  usageInShort,
  windowName,
} from "../presentation/limit-words.ts";
import { ago, appendFacts, type Fact, headed } from "./tooltip-parts.ts";
import type { PauseNode } from "../presentation/tree-nodes.ts";
import { pauseFacts } from "../presentation/pause-facts.ts";

/** So many sessions of a pause are named; of the others, how many they are. */
const MAX_NAMED = 5;

/** Why an account is paused, who says so, and what waits for its end. */
export function pauseTooltip({ pause, account, waiting }: PauseNode, now: number): vscode.MarkdownString {
  const markdown = headed(pauseTitle(pause, now));
  const reason = pauseReason(pause);
  if (reason !== null) markdown.appendMarkdown("\n\n").appendText(visible(reason));
  if (!pause.isInForce) {
    markdown
      .appendMarkdown("\n\n")
      .appendText("Only words on a screen say so: nothing is held. Pause it, or dismiss this.");
  }
  const goesOn = waiting.length === 0 ? null : namesOf(waiting.map(({ title }) => title));
  appendFacts(markdown, [...pauseFacts(pause, now, goesOn), ...(account === null ? [] : usageFacts(account, now))]);
  return markdown;
}

/** What is used of an account's windows, and since when that is known. */
export function accountTooltip(account: Account, now: number): vscode.MarkdownString {
  const markdown = headed(account.label);
  appendFacts(markdown, [...usageFacts(account, now), ["As of", ago(account.updatedAt, now)], ["Account", account.id]]);
  return markdown;
}

/** One line for each window that still says something; where all have reset, that. */
export function usageFacts(account: Account, now: number): Fact[] {
  const current = currentQuotas(account, now);
  if (current.length === 0 && account.quotas.length > 0) return [["Used", usageInShort(account, now)]];
  return current.map((quota): Fact => [capitalised(`${windowName(quota)} limit`), quotaWords(quota, now)]);
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The first few, and how many more there are. */
function namesOf(titles: readonly string[]): string {
  const more = titles.length - MAX_NAMED;
  return [...titles.slice(0, MAX_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
