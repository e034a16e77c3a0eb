import type * as vscode from "vscode";
import type { Pause } from "../protocol/limits.ts";
import { byEnd, pauseDescription, pauseTitle } from "../presentation/limit-words.ts";
import { pauseIcon } from "../views/state-icons.ts";
import { showInformation } from "../views/messages.ts";
import { pickOne } from "../views/questions.ts";
import type { Tally } from "./tally.ts";

interface PauseItem extends vscode.QuickPickItem {
  readonly pause: Pause;
}

/**
 * The pause a command is about: that of the row it was invoked on or with the given id, else the only one there is, else the
 * one the person picks. Null when there is none, which is said, or the person went away.
 */
export async function choosePause(
  { link, tree }: Tally,
  target: unknown,
  { placeholder, isFitting }: { readonly placeholder: string; readonly isFitting: (pause: Pause) => boolean },
): Promise<Pause | null> {
  const { pauses } = link.live.model;
  if (typeof target === "string") {
    const node = tree.tree.nodes.get(target);
    const named = node?.kind === "pause" ? node.pause : pauses.get(target);
    if (!named) sayOver();
    return named ?? null;
  }
  const known = [...pauses.values()].filter(isFitting).sort(byEnd);
  const [only] = known.length === 1 ? known : [];
  if (known.length === 0) void showInformation("No agent is paused.");
  if (only || known.length === 0) return only ?? null;
  return (await pickOne(known.map(pauseItem), { placeHolder: placeholder }))?.pause ?? null;
}

export function pauseItem(pause: Pause): PauseItem {
  const now = Date.now();
  return {
    label: pauseTitle(pause, now),
    iconPath: pauseIcon(pause),
    description: pauseDescription(pause, now),
    detail: pause.reason,
    pause,
  };
}

/** It was lifted elsewhere, or the limit has reset. */
export function sayOver(): void {
  void showInformation("That pause is over already.");
}
