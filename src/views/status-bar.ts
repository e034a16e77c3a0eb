import * as vscode from "vscode";
import type { Connection } from "../client/live-model.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { holdingPauses, pausesInShort } from "../presentation/limit-words.ts";
import { withoutIcons } from "../presentation/editor-text.ts";
import { Paced } from "./paced.ts";
import { liveSessions, statusTooltip } from "./status-tooltip.ts";
import { countAll, pausesOf } from "../presentation/tree-model.ts";
import { emptyTree, type Tree } from "../presentation/tree-nodes.ts";
import { isOfBefore } from "../presentation/tree-view-words.ts";
import { countWords } from "../presentation/wording.ts";

/** The time that is left is said in minutes. */
const REDRAW_TIMES_MS = 30_000;

/** Its counts are of all tasks, and nobody reads them faster. */
const FRAME_MS = 200;

/** Says in the status bar who waits and who works, in all projects, and which limits are in force. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #pace = new Paced(() => this.#drawAnew(), FRAME_MS);
  #treeNow: () => Tree = () => emptyTree;
  #tree: Tree = emptyTree;
  #connection: Connection = "connecting";
  /** Runs while a limit is in force. */
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.#item = vscode.window.createStatusBarItem("tally.status", vscode.StatusBarAlignment.Left, 10);
    this.#item.name = "Tally";
    this.#draw();
    this.#item.show();
  }

  /** @param treeNow is asked when it is drawn: for many changes at once that is once. */
  show(treeNow: () => Tree): void {
    this.#treeNow = treeNow;
    this.#pace.request();
  }

  tellConnection(connection: Connection): void {
    this.#connection = connection;
    this.#draw();
  }

  #drawAnew(): void {
    this.#tree = this.#treeNow();
    this.#draw();
    const isTimed = pausesOf(this.#tree).length > 0;
    if (isTimed) this.#timer ??= setInterval(() => this.#draw(), REDRAW_TIMES_MS);
    else this.#stopTimer();
  }

  dispose(): void {
    this.#pace.dispose();
    this.#stopTimer();
    this.#item.dispose();
  }

  #draw(): void {
    const live = liveSessions(this.#tree);
    if (isOfBefore(this.#connection, live)) {
      this.#sayStopped();
      return;
    }
    const now = Date.now();
    const counts = countAll(this.#tree);
    const paused = pausesInShort(holdingPauses(pausesOf(this.#tree).map(({ pause }) => pause)), now);
    const words = countWords(paused === "" ? counts : { ...counts, paused: 0 });
    const isWaitedFor = counts.waiting > 0;
    const isOnlyPaused = paused !== "" && !isWaitedFor && counts.running + counts.unknown === 0;
    this.#item.text = [
      words === "" && paused !== "" ? "" : `$(${isWaitedFor ? "bell-dot" : "pulse"}) ${words || "Tally"}`,
      paused === "" ? "" : `$(debug-pause) ${withoutIcons(paused)}`,
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

  /** What is known of sessions is from before. */
  #sayStopped(): void {
    this.#item.text = "$(debug-disconnect) Tally: stopped";
    this.#item.backgroundColor = undefined;
    this.#item.command = "tally.startGateway";
    this.#item.accessibilityInformation = { label: "Tally: its gateway was stopped" };
    this.#item.tooltip = "Tally's gateway was stopped. Agents run on without it. Click to start it.";
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
