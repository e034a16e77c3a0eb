import * as vscode from "vscode";
import type { Session } from "../protocol/entities.ts";
import { visible } from "../protocol/visible.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { countAll, type Tree } from "./tree-model.ts";
import { shownState } from "./tree-order.ts";
import { countWords, stateWords, waitsFor } from "./wording.ts";

/** More lines than this are not read in a tooltip. */
const MAX_LISTED = 15;

/** Says in the status bar who waits and who works, in all projects. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;

  constructor() {
    this.#item = vscode.window.createStatusBarItem("tally.status", vscode.StatusBarAlignment.Left, 10);
    this.#item.name = "Tally";
    this.show({ roots: [], nodes: new Map() });
    this.#item.show();
  }

  show(tree: Tree): void {
    const counts = countAll(tree);
    const words = countWords(counts);
    const live = liveSessions(tree);
    const isWaitedFor = counts.waiting > 0;
    this.#item.text = `$(${isWaitedFor ? "bell-dot" : "pulse"}) ${words || "Tally"}`;
    this.#item.backgroundColor = isWaitedFor ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    // What another tool reported may wait too, but there is nothing to go to.
    this.#item.command = live.some(isWaiting) ? "tally.nextWaitingSession" : "tally.sessions.focus";
    this.#item.accessibilityInformation = { label: `Tally: ${words || "no agent works"}` };
    this.#item.tooltip = listSessions(live);
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function liveSessions(tree: Tree): readonly Session[] {
  return [...tree.nodes.values()].flatMap((node) =>
    node.kind === "session" && node.session.endedAt === null ? [node.session] : [],
  );
}

function listSessions(live: readonly Session[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString("**Tally**\n\n");
  for (const session of live.slice(0, MAX_LISTED)) appendSession(markdown, session);
  if (live.length > MAX_LISTED) markdown.appendMarkdown(`\n${live.length - MAX_LISTED} more\n`);
  if (live.length === 0) markdown.appendMarkdown("No agent runs.");
  return markdown;
}

function appendSession(markdown: vscode.MarkdownString, session: Session): void {
  const request = waitsFor(session);
  const words = stateWords[shownState(session)] + (request === null ? "" : `: ${request}`);
  markdown.appendMarkdown("- ").appendText(visible(session.title)).appendMarkdown(" — ").appendText(words);
  markdown.appendMarkdown("\n");
}
