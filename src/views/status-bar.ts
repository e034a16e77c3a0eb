import * as vscode from "vscode";
import type { Session } from "../protocol/entities.ts";
import { countAll, type Tree } from "./tree-model.ts";
import { countWords, stateWords } from "./wording.ts";

/** More lines than this are not read in a tooltip. */
const MAX_LISTED = 15;

/** Says in the status bar who waits and who works, in all projects. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;

  constructor() {
    this.#item = vscode.window.createStatusBarItem("tally.status", vscode.StatusBarAlignment.Left, 10);
    this.#item.name = "Tally";
    this.#item.command = "tally.sessions.focus";
    this.show({ roots: [], nodes: new Map() });
    this.#item.show();
  }

  show(tree: Tree): void {
    const counts = countAll(tree);
    const words = countWords(counts);
    this.#item.text = `$(${counts.waiting > 0 ? "bell-dot" : "pulse"}) ${words || "Tally"}`;
    this.#item.accessibilityInformation = { label: `Tally: ${words || "no agent works"}` };
    this.#item.tooltip = listSessions(tree);
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function listSessions(tree: Tree): vscode.MarkdownString {
  const live = [...tree.nodes.values()].flatMap((node) =>
    node.kind === "session" && node.session.endedAt === null ? [node.session] : [],
  );
  const markdown = new vscode.MarkdownString("**Tally**\n\n");
  for (const session of live.slice(0, MAX_LISTED)) appendSession(markdown, session);
  if (live.length > MAX_LISTED) markdown.appendMarkdown(`\n${live.length - MAX_LISTED} more\n`);
  if (live.length === 0) markdown.appendMarkdown("No agent runs.");
  return markdown;
}

function appendSession(markdown: vscode.MarkdownString, session: Session): void {
  markdown.appendMarkdown("- ").appendText(session.title).appendMarkdown(` — ${stateWords[session.state]}\n`);
}
