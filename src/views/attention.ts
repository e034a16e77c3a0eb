import * as vscode from "vscode";
import type { LiveModel } from "../client/live-model.ts";
import type { Model } from "../client/model.ts";
import { Notifications } from "./notifications.ts";
import { OpenRequests } from "./open-requests.ts";
import { systemClock } from "./output-pacer.ts";
import { RequestDocuments } from "./request-documents.ts";
import type { SessionTerminals } from "./session-terminals.ts";
import { WaitingNotices } from "./waiting-notices.ts";
import { WindowPresence } from "./window-presence.ts";

/** Asks for the person's attention in this window when a session waits, and tells the gateway whether they are here. */
export class Attention implements vscode.Disposable {
  readonly requests = new OpenRequests();
  readonly documents: RequestDocuments;
  readonly #notifications = new Notifications();
  readonly #notices: WaitingNotices;
  readonly #presence: WindowPresence;

  constructor({ live, terminals }: { live: LiveModel; terminals: SessionTerminals }) {
    const presence = new WindowPresence(terminals);
    this.#presence = presence;
    this.documents = new RequestDocuments(() => live.model);
    this.#notices = new WaitingNotices({
      // A gateway that does not tell is from before windows said anything.
      place: () => ({ ...presence.now, isForemost: live.isForemost ?? presence.now.isFocused }),
      show: (sessionId, notice, onClosed) => {
        const onShow = () => void vscode.commands.executeCommand("tally.showTerminal", sessionId);
        return this.#notifications.show(notice, { onShow, onClosed });
      },
      clock: systemClock,
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
  }

  dispose(): void {
    this.#presence.dispose();
    this.#notices.dispose();
    this.#notifications.dispose();
    this.documents.dispose();
  }
}
