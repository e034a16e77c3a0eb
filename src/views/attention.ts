import * as vscode from "vscode";
import type { LiveModel } from "../client/live-model.ts";
import type { Model } from "../client/model.ts";
import { showLimitNotice } from "./limit-messages.ts";
import { LimitNotices } from "./limit-notices.ts";
import { Notifications } from "./notifications.ts";
import { OpenRequests } from "./open-requests.ts";
import { systemClock } from "./output-pacer.ts";
import { RequestDocuments } from "./request-documents.ts";
import type { SessionTerminals } from "./session-terminals.ts";
import type { SettingsSync } from "./settings-sync.ts";
import { WaitingNotices } from "./waiting-notices.ts";
import { WindowPresence } from "./window-presence.ts";

export interface AttentionOptions {
  readonly live: LiveModel;
  readonly terminals: SessionTerminals;
  readonly settings: SettingsSync;
}

/** Asks for the person's attention in this window when a session waits or a limit is met, and tells the gateway whether they are here. */
export class Attention implements vscode.Disposable {
  readonly requests = new OpenRequests();
  readonly documents: RequestDocuments;
  readonly limits: LimitNotices;
  readonly #notifications = new Notifications();
  readonly #notices: WaitingNotices;
  readonly #presence: WindowPresence;

  constructor({ live, terminals, settings }: AttentionOptions) {
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
  }

  dispose(): void {
    this.#presence.dispose();
    this.#notices.dispose();
    this.limits.dispose();
    this.#notifications.dispose();
    this.documents.dispose();
  }
}
