import * as vscode from "vscode";
import { isWaiting } from "../protocol/waiting.ts";
import { holdingPauses, pausesInShort } from "./limit-words.ts";
import { liveSessions, statusTooltip } from "./status-tooltip.ts";
import { countAll, pausesOf } from "./tree-model.ts";
import { emptyTree, type Tree } from "./tree-nodes.ts";
import { countWords } from "./wording.ts";

/** The time that is left is said in minutes. */
const REDRAW_TIMES_MS = 30_000;

/** Says in the status bar who waits and who works, in all projects, and which limits are in force. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  #tree: Tree = emptyTree;
  /** Runs while a limit is in force. */
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.#item = vscode.window.createStatusBarItem("tally.status", vscode.StatusBarAlignment.Left, 10);
    this.#item.name = "Tally";
    this.#draw();
    this.#item.show();
  }

  show(tree: Tree): void {
    this.#tree = tree;
    this.#draw();
    const isTimed = pausesOf(tree).length > 0;
    if (isTimed) this.#timer ??= setInterval(() => this.#draw(), REDRAW_TIMES_MS);
    else this.#stopTimer();
  }

  dispose(): void {
    this.#stopTimer();
    this.#item.dispose();
  }

  #draw(): void {
    const now = Date.now();
    const counts = countAll(this.#tree);
    const words = countWords(counts);
    const live = liveSessions(this.#tree);
    const paused = pausesInShort(holdingPauses(pausesOf(this.#tree).map(({ pause }) => pause)), now);
    const isWaitedFor = counts.waiting > 0;
    const isOnlyPaused = paused !== "" && !isWaitedFor && counts.running + counts.unknown === 0;
    this.#item.text = [
      words === "" && paused !== "" ? "" : `$(${isWaitedFor ? "bell-dot" : "pulse"}) ${words || "Tally"}`,
      paused === "" ? "" : `$(debug-pause) ${paused}`,
    ]
      .filter(Boolean)
      .join("  ");
    this.#item.backgroundColor = isWaitedFor ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    // What another tool reported may wait too, but there is nothing to go to.
    const command = isOnlyPaused ? "tally.showLimits" : "tally.sessions.focus";
    this.#item.command = live.some(isWaiting) ? "tally.nextWaitingSession" : command;
    const said = [words, paused === "" ? "" : `paused: ${paused}`].filter(Boolean).join(", ");
    this.#item.accessibilityInformation = { label: `Tally: ${said || "no agent works"}` };
    this.#item.tooltip = statusTooltip(this.#tree, now);
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
