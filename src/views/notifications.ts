import * as vscode from "vscode";
import type { Notice } from "./request-words.ts";
import type { ShownNotice } from "./waiting-notices.ts";

/** Not in the palette: only a notification knows which one it is. */
const CLOSE_COMMAND = "tally._closeNotification";

/**
 * The label of a progress notification's button. The editor shows a string as it is and "Cancel" for `true` (seen in VS Code
 * 1.139); its typings know only the latter.
 */
const SHOW = "Show" as unknown as boolean;

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
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, cancellable: SHOW },
      (progress, token) =>
        new Promise<void>((resolve) => {
          end = resolve;
          // Of a bar that stands still, nothing is seen.
          update = (changed) => progress.report({ message: messageOf(changed, id), increment: 0 });
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

function messageOf({ text, actions }: Notice, id: number): string {
  const links = actions.map(({ label, title, command, argument }) => commandLink({ label, title, command, argument }));
  const notNow = commandLink({
    label: "Not now",
    title: "Close this notification",
    command: CLOSE_COMMAND,
    argument: id,
  });
  return `${text}  —  ${[...links, notNow].join("  ·  ")}`;
}

export interface CommandLink {
  readonly label: string;
  readonly title: string;
  readonly command: string;
  readonly argument: unknown;
}

/** A link in the text of a notification that runs a command. */
export function commandLink({ label, title, command, argument }: CommandLink): string {
  const given = encodeURIComponent(JSON.stringify([argument]));
  // A round bracket would end the link; a label stays on one line.
  return `[${label.replaceAll(" ", "\u00a0")}](command:${command}?${given.replaceAll("(", "%28").replaceAll(")", "%29")} "${title}")`;
}
