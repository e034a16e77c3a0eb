import type * as vscode from "vscode";
import type { Account, Pause } from "../protocol/limits.ts";
import { visible } from "../protocol/visible.ts";
import {
  currentQuotas,
  pauseReason,
  pauseTitle,
  quotaWords,
  endWords,
  usageInShort,
  windowName,
} from "./limit-words.ts";
import { clockTime } from "./limit-times.ts";
import { ago, appendFacts, type Fact, headed } from "./tooltip-parts.ts";
import type { PauseNode } from "./tree-nodes.ts";
import { sourceWords } from "./wording.ts";

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
  appendFacts(markdown, [
    ["Since", clockTime(pause.since, now)],
    ["Until", pause.isInForce ? endWords(pause, now) : null],
    ["Goes on then", waiting.length === 0 ? null : namesOf(waiting.map(({ title }) => title))],
    ["Known from", provenance(pause, now)],
    ["In its words", pause.evidence],
    ["Tried out", triesWords(pause, now)],
    ...(account === null ? [] : usageFacts(account, now)),
  ]);
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

/** Of one made by hand, the title says it. */
function provenance({ kind, source, signal, since }: Pause, now: number): string | null {
  if (kind === "manual") return null;
  return `${sourceWords[source]}${signal === null ? "" : ` (${signal})`}, ${ago(since, now)}`;
}

/** How often it was tried out, and when it will be; of a reset that is known, that is no news. */
function triesWords({ tries, until, nextTryAt }: Pause, now: number): string | null {
  const next = nextTryAt === null || nextTryAt <= now ? null : clockTime(nextTryAt, now);
  if (tries === 0) return until === null && next !== null ? `first ${next}` : null;
  const times = tries === 1 ? "once" : `${tries} times`;
  return `${times}, and still limited${next === null ? "" : `; next ${next}`}`;
}
