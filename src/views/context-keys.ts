import * as vscode from "vscode";
import type { Connection } from "../client/live-model.ts";
import { emptyModel, type Model } from "../protocol/model.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { isEnded, isTaskEnded } from "../protocol/states.ts";
import { goesOnByItself, isResumable, isStopped } from "../presentation/continuation-words.ts";
import { isQueued } from "../presentation/queue-rows.ts";
import { Paced } from "./paced.ts";

/** What `when` clauses in package.json ask about what Tally knows. */
export class ContextKeys implements vscode.Disposable {
  readonly #values = new Map<string, boolean>();
  readonly #pace = new Paced(() => this.#tell(this.#model));
  #model: Model = emptyModel;

  show(model: Model): void {
    this.#model = model;
    this.#pace.request();
  }

  dispose(): void {
    this.#pace.dispose();
  }

  #tell(model: Model): void {
    const sessions = [...model.sessions.values()].filter(({ archivedAt }) => archivedAt === null);
    const isAnswerable = sessions.some((session) => session.endedAt === null && session.request?.isAnswerable);
    this.#set("tally.hasSessions", sessions.length > 0);
    this.#set("tally.hasEnded", sessions.some(isEnded));
    this.#set("tally.hasArchived", sessions.length < model.sessions.size);
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

  tellConnection(connection: Connection): void {
    this.#set("tally.isGatewayStopped", connection === "stopped");
  }

  #set(key: string, value: boolean): void {
    if (value === (this.#values.get(key) ?? false)) return;
    this.#values.set(key, value);
    void vscode.commands.executeCommand("setContext", key, value);
  }
}
