import * as vscode from "vscode";
import type { LiveModel } from "../client/live-model.ts";
import type { Model } from "../protocol/model.ts";
import { showLimitNotice } from "./limit-messages.ts";
import { LimitNotices } from "./limit-notices.ts";
import { Notifications } from "./notifications.ts";
import { OpenRequests } from "./open-requests.ts";
import { systemClock } from "./output-pacer.ts";
import { RequestDocuments } from "./request-documents.ts";
import type { OperationWatch } from "./operation-watch.ts";
import { showTaskNotice } from "./task-messages.ts";
import { TaskNotices } from "./task-notices.ts";
import type { TerminalTabs } from "./terminal-tabs.ts";
import type { SettingsSync } from "./settings-sync.ts";
import { WaitingNotices } from "./waiting-notices.ts";
import { WindowPresence } from "./window-presence.ts";
import { showWorktreeNotice } from "./worktree-messages.ts";
import { WorktreeNotices } from "./worktree-notices.ts";

export interface AttentionOptions {
  readonly live: LiveModel;
  readonly terminals: TerminalTabs;
  readonly settings: SettingsSync;
  readonly operations: OperationWatch;
}

/** Asks for the person's attention in this window when a session waits, a limit is met or a worktree or a task fails, and tells the gateway whether they are here. */
export class Attention implements vscode.Disposable {
  readonly requests = new OpenRequests();
  readonly documents: RequestDocuments;
  readonly limits: LimitNotices;
  readonly #notifications = new Notifications();
  readonly #notices: WaitingNotices;
  readonly #worktrees: WorktreeNotices;
  readonly #tasks: TaskNotices;
  readonly #presence: WindowPresence;

  constructor({ live, terminals, settings, operations }: AttentionOptions) {
    const presence = new WindowPresence(terminals);
    // A gateway that does not tell is from before windows said anything.
    const place = () => ({ ...presence.now, isForemost: live.isForemost ?? presence.now.isFocused });
    this.#presence = presence;
    this.documents = new RequestDocuments(() => live.model);
    this.#notices = new WaitingNotices({
      place,
      show: (sessionId, notice, onClosed) => {
        const onShow = () => void vscode.commands.executeCommand("tally.showTerminal", sessionId);
        return this.#notifications.show(notice, { onShow, onClosed });
      },
      clock: systemClock,
    });
    this.limits = new LimitNotices({
      place,
      tell: (notice) => void showLimitNotice(notice),
      warnAtPercent: () => settings.settings.warnAtPercent,
      clock: systemClock,
      now: Date.now,
    });
    this.#worktrees = new WorktreeNotices({
      place,
      tell: (notice) => void showWorktreeNotice(notice),
      isOwn: (operationId) => operations.isOwn(operationId),
    });
    this.#tasks = new TaskNotices({ place, tell: (notice) => void showTaskNotice(notice) });
    live.say(presence.now);
    presence.onDidChange((changed) => {
      live.say(changed);
      this.#notices.frontChanged();
    });
  }

  /** After every change of the model. */
  update(model: Model): void {
    this.requests.update(model);
    this.documents.update(model);
    this.#notices.update(model);
    this.limits.update(model);
    this.#worktrees.update(model);
    this.#tasks.update(model);
  }

  dispose(): void {
    this.#presence.dispose();
    this.#notices.dispose();
    this.limits.dispose();
    this.#notifications.dispose();
    this.documents.dispose();
  }
}
