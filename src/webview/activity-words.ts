import { countStates } from "../presentation/session-rows.ts";
import { shownState } from "../presentation/tree-order.ts";
import { countWords, stateWords } from "../presentation/wording.ts";
import type { Session } from "../protocol/entities.ts";

/** What goes on, in few words: `2 waiting · 1 running`, where nothing does `3 idle`, or `nothing runs`. */
export function activityWords(sessions: readonly Session[]): string {
  const live = sessions.filter(({ endedAt, archivedAt }) => endedAt === null && archivedAt === null);
  const counted = countWords(countStates(live, []));
  if (counted !== "") return counted;
  const counts = new Map<string, number>();
  for (const session of live) {
    const words = stateWords[shownState(session)];
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => `${count} ${words}`).join(" · ") || "nothing runs";
}
