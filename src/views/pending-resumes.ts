import type * as vscode from "vscode";
import type { Model } from "../protocol/model.ts";
import { goesOnByItself } from "../presentation/continuation-words.ts";

const PENDING_KEY = "tally.pendingResumes";

/** Remembers whether sessions wait for a reset: after a reboot, nothing but a window may be there to start a gateway for them. */
export class PendingResumes {
  readonly #memory: Pick<vscode.Memento, "get" | "update">;

  constructor(memory: Pick<vscode.Memento, "get" | "update">) {
    this.#memory = memory;
  }

  /** Whether some did when a window last knew of them. */
  get areLeft(): boolean {
    return this.#memory.get<boolean>(PENDING_KEY, false);
  }

  update(model: Model): void {
    const areLeft = [...model.sessions.values()].some(goesOnByItself);
    if (areLeft !== this.areLeft) void this.#memory.update(PENDING_KEY, areLeft);
  }
}
