import * as vscode from "vscode";
import type { Notice } from "../presentation/request-words.ts";
import { type CommandLink, showProgress } from "./messages.ts";
import type { ShownNotice } from "./waiting-notices.ts";

/** Not in the palette: only a notification knows which one it is. */
const CLOSE_COMMAND = "tally._closeNotification";

export interface NotificationListener {
  /** The person wants to see the session. The notification has closed. */
  readonly onShow: () => void;
  /** The person closed it. */
  readonly onClosed: () => void;
}

/**
 * Notifications that go away when they are closed here. The editor lets an extension take back no message, only progress;
 * that has one button and no cross, so the further actions are links in its text.
 */
export class Notifications implements vscode.Disposable {
  readonly #closers = new Map<number, () => void>();
  readonly #registration: vscode.Disposable;
  #count = 0;

  constructor() {
    this.#registration = vscode.commands.registerCommand(CLOSE_COMMAND, (id: number) => this.#closers.get(id)?.());
  }

  show(notice: Notice, { onShow, onClosed }: NotificationListener): ShownNotice {
    this.#count += 1;
    const id = this.#count;
    let end = (): void => undefined;
    let update: ShownNotice["update"] = () => undefined;
    const close = () => {
      this.#closers.delete(id);
      end();
    };
    this.#closers.set(id, () => {
      close();
      onClosed();
    });
    void showProgress(
      { cancelLabel: "Show" },
      (report, token) =>
        new Promise<void>((resolve) => {
          end = resolve;
          // Of a bar that stands still, nothing is seen.
          update = (changed) => report({ text: changed.text, links: linksOf(changed, id), increment: 0 });
          update(notice);
          token.onCancellationRequested(() => {
            close();
            onClosed();
            onShow();
          });
        }),
    );
    return { close, update: (changed) => update(changed) };
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function linksOf({ actions }: Notice, id: number): CommandLink[] {
  const notNow = { label: "Not Now", title: "Close this notification", command: CLOSE_COMMAND, argument: id };
  return [...actions, notNow];
}
