import * as vscode from "vscode";
import type { Session } from "../protocol/entities.ts";
import { oneLine, visible } from "../protocol/visible.ts";
import { continuationInShort } from "../presentation/continuation-words.ts";
import { clockTime } from "../presentation/limit-times.ts";
import { usageFacts } from "./limit-tooltips.ts";
import { pauseTitle, endWords } from "../presentation/limit-words.ts";
import { appendFacts, breakAtSpaces } from "./tooltip-parts.ts";
import { accountsOf, pausesOf } from "../presentation/tree-model.ts";
import type { PauseNode, Tree } from "../presentation/tree-nodes.ts";
import { shownState } from "../presentation/tree-order.ts";
import { stateWords, waitsFor } from "../presentation/wording.ts";

/** More lines than this are not read in a tooltip. */
const MAX_LISTED = 10;
/** A session is one line. */
const MAX_TITLE_LENGTH = 40;

/** The only thing that a click in the tooltip can do; it changes nothing. */
const SHOW_LIMITS = "tally.showLimits";

/** What the status bar says when the pointer rests on it: who is where, what is paused and why, what is used. */
export function statusTooltip(tree: Tree, now: number): vscode.MarkdownString {
  const live = liveSessions(tree);
  const pauses = pausesOf(tree);
  const accounts = accountsOf(tree);
  const markdown = new vscode.MarkdownString("**Tally**\n\n", true);
  for (const pause of pauses) appendPause(markdown, pause, now);
  for (const account of accounts) {
    markdown.appendMarkdown("$(dashboard) ").appendText(visible(account.label));
    appendFacts(markdown, usageFacts(account, now));
    markdown.appendMarkdown("\n\n");
  }
  if (pauses.length + accounts.length > 0) {
    markdown.appendMarkdown(`[Show Limits](command:${SHOW_LIMITS})\n\n---\n\n`);
    markdown.isTrusted = { enabledCommands: [SHOW_LIMITS] };
  }
  // Last: there may be many, and what is below them would not be seen.
  for (const session of live.slice(0, MAX_LISTED)) appendSession(markdown, session, now);
  if (live.length > MAX_LISTED) markdown.appendMarkdown(`\n${live.length - MAX_LISTED} more\n`);
  if (live.length === 0) markdown.appendMarkdown("No agent runs.");
  return breakAtSpaces(markdown);
}

export function liveSessions(tree: Tree): readonly Session[] {
  return [...tree.nodes.values()].flatMap((node) =>
    node.kind === "session" && node.session.endedAt === null ? [node.session] : [],
  );
}

function appendSession(markdown: vscode.MarkdownString, session: Session, now: number): void {
  const request = waitsFor(session);
  const continuation = continuationInShort(session, now);
  const further = [request === null ? "" : `: ${request}`, continuation === null ? "" : `, ${continuation}`].join("");
  markdown.appendMarkdown("- ").appendText(oneLine(session.title, MAX_TITLE_LENGTH)).appendMarkdown(" — ");
  markdown.appendText(stateWords[shownState(session)] + further).appendMarkdown("\n");
}

function appendPause(markdown: vscode.MarkdownString, { pause, waiting }: PauseNode, now: number): void {
  markdown.appendMarkdown("$(debug-pause) **").appendText(visible(pauseTitle(pause, now)));
  markdown.appendMarkdown("**\n\n").appendText(visible(pause.reason));
  appendFacts(markdown, [
    ["Since", clockTime(pause.since, now)],
    ["Until", pause.isInForce ? endWords(pause, now) : null],
    ["Goes on then", waiting.length === 0 ? null : sessionsWords(waiting.length)],
  ]);
  markdown.appendMarkdown("\n\n");
}

function sessionsWords(count: number): string {
  return count === 1 ? "1 session" : `${count} sessions`;
}
