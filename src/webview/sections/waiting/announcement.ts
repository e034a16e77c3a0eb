import type { Session } from "../../../protocol/entities.ts";
import { cardKey } from "./card-key.ts";

/** What a screen reader is told of who begins to wait. */
export interface Announcement {
  readonly words: string;
  /** The same words said once more are another announcement. */
  readonly number: number;
  /** Who waited then. */
  readonly waiting: ReadonlySet<string>;
}

/** Says nothing of those that waited before anybody listened. */
export function silence(waiting: readonly Session[]): Announcement {
  return { words: "", number: 0, waiting: new Set(waiting.map(cardKey)) };
}

/** Stands until somebody else begins to wait. */
export function nextAnnouncement(before: Announcement, waiting: readonly Session[]): Announcement {
  const added = waiting.filter((session) => !before.waiting.has(cardKey(session)));
  const keys = new Set(waiting.map(cardKey));
  if (added.length === 0) return { ...before, waiting: keys };
  const words = added.map(({ title }) => `${title} waits for you.`).join(" ");
  return { words, number: before.number + 1, waiting: keys };
}
