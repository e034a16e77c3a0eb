import { oneLine } from "../protocol/visible.ts";

/**
 * Text from elsewhere, such as a title that an agent gave or a hostile repository's branch, for the places where the editor reads more
 * into it than it says: `[label](command:x)` becomes a link that runs a command, and `$(name)` an icon, or nothing where there
 * is none of that name. All of it was read in the sources of VS Code 1.139; dialogs and rows of a tree show text as it is.
 */

/** The editor cuts a message here. */
const MAX_MESSAGE_CHARS = 1_000;
/** More of a label is not seen. */
const MAX_LABEL_CHARS = 500;
/** As the editor's own parser has it; what is no such name is shown as it is. */
const ICON = /\$\((?=[A-Za-z0-9-]+(?:~[A-Za-z]+)?\))/g;

/**
 * What holds no link, whoever wrote it. A bracket that is left open would draw the text up to our next link into that.
 */
export function withoutLinks(text: string): string {
  const unlinked = text.replaceAll("](", "] (");
  const closed = unlinked.lastIndexOf("]") + 1;
  return unlinked.slice(0, closed) + unlinked.slice(closed).replaceAll("[", "(");
}

/** What looks in a label as it is written, `$(name)` too. Only for labels that know icons: the others show the backslash. */
export function withoutIcons(text: string): string {
  return text.replace(ICON, String.raw`\$(`);
}

/** For a notification, which knows links but no icons. */
export function messageText(text: string): string {
  return withoutLinks(oneLine(text, MAX_MESSAGE_CHARS));
}

/** For an item of a list and for the status bar, which know icons but no links. */
export function labelText(text: string): string {
  return withoutIcons(oneLine(text, MAX_LABEL_CHARS));
}

/** For what an input box says below what is typed, which knows both. */
export function promptText(text: string): string {
  return withoutIcons(messageText(text));
}

/** For the name of a terminal: a list knows icons, its tooltip links and pictures, and a tab nothing of that. */
export function terminalName(text: string): string {
  return withoutLinks(oneLine(text, MAX_LABEL_CHARS)).replace(ICON, "$ (");
}
