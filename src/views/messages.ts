import * as vscode from "vscode";
import { labelText, messageText, withoutLinks } from "../presentation/editor-text.ts";
import { oneLine, visible } from "../protocol/visible.ts";

/**
 * The one door to the editor's messages, dialogs and progress. The words of most of them come from elsewhere in part, and the editor would
 * make links of them that run any command.
 */

const MAX_QUESTION_CHARS = 500;

/** Between the text of a notification and its links, and between these. */
const BEFORE_LINKS = "  —  ";
const BETWEEN_LINKS = "  ·  ";

/** @returns the button that was clicked; undefined when the message was closed */
export function showInformation<T extends string>(text: string, ...buttons: readonly T[]): Thenable<T | undefined> {
  return vscode.window.showInformationMessage(messageText(text), ...buttons);
}

/** @returns the button that was clicked; undefined when the message was closed */
export function showWarning<T extends string>(text: string, ...buttons: readonly T[]): Thenable<T | undefined> {
  return vscode.window.showWarningMessage(messageText(text), ...buttons);
}

/** @returns the button that was clicked; undefined when the message was closed */
export function showError<T extends string>(text: string, ...buttons: readonly T[]): Thenable<T | undefined> {
  return vscode.window.showErrorMessage(messageText(text), ...buttons);
}

/** What is asked in a dialog. It shows text as it is, with its lines in the detail. */
export interface Dialog {
  readonly message: string;
  /** Several are paragraphs; empty ones are left out. */
  readonly detail?: string | readonly string[];
  /** `information` where the answer loses nothing; else it is a warning. */
  readonly severity?: "information";
  /** The button that leaves everything as it is, where it shall not be called "Cancel". */
  readonly keep?: string;
}

/** Asks before anything else goes on. @returns undefined when the person went away */
export async function askInDialog<T extends string>(
  { message, detail = "", severity, keep }: Dialog,
  ...buttons: readonly T[]
): Promise<T | undefined> {
  const items = buttons.map((title): vscode.MessageItem => ({ title }));
  if (keep !== undefined) items.push({ title: keep, isCloseAffordance: true });
  const { showInformationMessage, showWarningMessage } = vscode.window;
  const show = severity === "information" ? showInformationMessage : showWarningMessage;
  const paragraphs = typeof detail === "string" ? detail : detail.filter(Boolean).join("\n\n");
  const options = { modal: true, detail: visible(paragraphs) };
  const chosen = await show(oneLine(message, MAX_QUESTION_CHARS), options, ...items);
  return buttons.find((title) => title === chosen?.title);
}

/** A link in a notification that runs a command. */
export interface CommandLink {
  readonly label: string;
  readonly title: string;
  readonly command: string;
  readonly argument: unknown;
}

/** How far something has come. */
export interface ProgressStep {
  readonly text: string;
  /** Behind the text. */
  readonly links?: readonly CommandLink[];
  /** Percent. */
  readonly increment?: number;
}

export interface ProgressOptions {
  readonly title?: string;
  readonly isCancellable?: boolean;
  /** What the button says that cancels; "Cancel" where nothing is said. */
  readonly cancelLabel?: string;
}

/** Shows in a notification that something goes on, until it is over. */
export function showProgress<T>(
  { title, isCancellable = false, cancelLabel }: ProgressOptions,
  task: (report: (step: ProgressStep) => void, token: vscode.CancellationToken) => Thenable<T>,
): Thenable<T> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    ...(title !== undefined && { title: messageText(title) }),
    // The editor shows a string as it is and "Cancel" for `true` (seen in VS Code 1.139); its typings know only the latter.
    cancellable: (cancelLabel as unknown as boolean | undefined) ?? isCancellable,
  };
  return vscode.window.withProgress(options, (progress, token) => {
    return task(({ text, links = [], increment }) => {
      progress.report({ message: linkedText(text, links), ...(increment !== undefined && { increment }) });
    }, token);
  });
}

/** Spaces and line ends stay as they are: a request that is allowed from a notification was shown in full. */
function linkedText(text: string, links: readonly CommandLink[]): string {
  const linked = links.map(commandLink).join(BETWEEN_LINKS);
  return [withoutLinks(visible(text)), linked].filter(Boolean).join(BEFORE_LINKS);
}

function commandLink({ label, title, command, argument }: CommandLink): string {
  const given = encodeURIComponent(JSON.stringify([argument]));
  // A round bracket would end the link; a label stays on one line.
  return `[${label.replaceAll(" ", "\u00a0")}](command:${command}?${given.replaceAll("(", "%28").replaceAll(")", "%29")} "${title}")`;
}

/** Says something in the status bar for a moment. */
export function showInStatusBar(text: string, forMs: number): void {
  vscode.window.setStatusBarMessage(labelText(text), forMs);
}
