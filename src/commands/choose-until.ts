import type * as vscode from "vscode";
import { readResetTime } from "../protocol/reset-time.ts";
import { clockTime, lengthWords } from "../presentation/limit-times.ts";
import { askText, pickOne } from "../views/questions.ts";

const MINUTE_MS = 60_000;

/** How long it is paused; `null` is until somebody lifts it. */
export interface Until {
  readonly at: number | null;
}

interface UntilItem extends vscode.QuickPickItem {
  /** Left out for a time that the person types. */
  readonly until?: Until;
}

/** Asks until when; undefined when the person went away. */
export async function chooseUntil(title: string): Promise<Until | undefined> {
  const now = Date.now();
  const lengths = [30, 60, 120].map((minutes): UntilItem => {
    const at = now + minutes * MINUTE_MS;
    return {
      label: `For ${lengthWords(minutes * MINUTE_MS)}`,
      description: `until ${clockTime(at, now)}`,
      until: { at },
    };
  });
  const items: UntilItem[] = [...lengths, { label: "Until..." }, { label: "Until I lift it", until: { at: null } }];
  const picked = await pickOne(items, { title, placeHolder: "How long?" });
  if (!picked) return undefined;
  return picked.until ?? askTime(title);
}

async function askTime(title: string): Promise<Until | undefined> {
  const typed = await askText({
    title,
    prompt: "Until when? By the clock of this machine.",
    placeHolder: "15:00",
    validateInput: (text) => {
      const at = timeOf(text);
      if (text.trim() === "") return null;
      return at === null ? "Type a time such as 15:00, 3pm, tomorrow 9:00 or in 3 hours." : null;
    },
  });
  const at = typed === undefined ? null : timeOf(typed);
  return at === null ? undefined : { at };
}

/** The next time that is meant, later than now. */
function timeOf(text: string): number | null {
  const now = Date.now();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const at = readResetTime(text.trim(), { now, timeZone });
  return at !== null && at > now ? at : null;
}
