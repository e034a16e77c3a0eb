import * as vscode from "vscode";
import type { Model } from "../client/model.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { isTaskEnded } from "../protocol/states.ts";
import { goesOnByItself, isResumable, isStopped } from "./continuation-words.ts";
import { isQueued } from "./queue-rows.ts";

/** What `when` clauses in package.json ask about what Tally knows. */
export class ContextKeys {
  readonly #values = new Map<string, boolean>();

  show(model: Model): void {
    const sessions = [...model.sessions.values()].filter(({ archivedAt }) => archivedAt === null);
    const isAnswerable = sessions.some((session) => session.endedAt === null && session.request?.isAnswerable);
    this.#set("tally.hasSessions", sessions.length > 0);
    this.#set("tally.hasWaiting", sessions.some(isWaiting));
    this.#set("tally.hasRequest", isAnswerable);
    this.#set("tally.hasPause", model.pauses.size > 0);
    this.#set(
      "tally.hasManualPause",
      [...model.pauses.values()].some(({ kind }) => kind === "manual"),
    );
    this.#set("tally.hasResumable", sessions.some(isResumable));
    this.#set("tally.hasScheduled", sessions.some(goesOnByItself));
    this.#set("tally.hasStopped", sessions.some(isStopped));
    const runs = [...model.tasks.values()].filter(({ kind }) => kind === "run");
    this.#set("tally.hasTasks", runs.length > 0);
    this.#set("tally.hasQueued", runs.some(isQueued));
    this.#set(
      "tally.hasOpenTask",
      runs.some(({ state }) => !isTaskEnded(state)),
    );
    this.#set(
      "tally.hasEndedTask",
      runs.some(({ state }) => isTaskEnded(state)),
    );
    const worktrees = [...model.worktrees.values()];
    const own = worktrees.filter(({ status }) => status !== "seen");
    this.#set("tally.hasWorktrees", own.length > 0);
    this.#set("tally.hasCheckouts", worktrees.length > 0);
    this.#set(
      "tally.hasBroken",
      own.some(({ status }) => status === "broken"),
    );
    this.#set(
      "tally.hasPorts",
      own.some(({ ports }) => ports.length > 0),
    );
    this.#set("tally.hasProcesses", model.processes.size > 0);
  }

  #set(key: string, value: boolean): void {
    if (value === (this.#values.get(key) ?? false)) return;
    this.#values.set(key, value);
    void vscode.commands.executeCommand("setContext", key, value);
  }
}
