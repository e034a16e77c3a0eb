import { setTimeout as delay } from "node:timers/promises";

/**
 * What shows changes by itself stands still when something else is given the keyboard. The editor's trees take it back when they have drawn
 * a change, also from a list or a terminal that got it a moment before, so that the list closes and keys go astray (seen in VS Code 1.139: a
 * tree hears only after a moment that it has lost the keyboard).
 */

/** Resolves when it stands still, with what lets it go on. */
type StandStill = () => Promise<() => void>;

/** By then the editor has shown what it was told to show. */
const SHOWN_WITHIN_MS = 2_000;

const restless = new Set<StandStill>();

/** From now on, this stands still when something else is given the keyboard. */
export function standStillForKeyboard(standStill: StandStill): { dispose(): void } {
  restless.add(standStill);
  return { dispose: () => void restless.delete(standStill) };
}

/**
 * Shows what is to have the keyboard, once nothing would take it away.
 * @param until resolves when the editor shows it, where that takes it a while
 */
export async function giveKeyboard<T>(
  show: () => T,
  until: (shown: T) => PromiseLike<unknown> = () => Promise.resolve(),
): Promise<T> {
  const goOns = await Promise.all([...restless].map((standStill) => standStill()));
  const goOn = () => {
    for (const each of goOns) each();
  };
  try {
    const shown = show();
    void Promise.race([until(shown), delay(SHOWN_WITHIN_MS)]).then(goOn, goOn);
    return shown;
  } catch (error) {
    goOn();
    throw error;
  }
}
