import { counted } from "../presentation/wording.ts";

/** How many the search finds in all of the page. */
export interface Found {
  readonly sessions: number;
  readonly tasks: number;
}

export function isNothing({ sessions, tasks }: Found): boolean {
  return sessions + tasks === 0;
}

/** `1 session and 3 tasks match “docs”.` */
export function searchWords(search: string, found: Found): string {
  const { sessions, tasks } = found;
  if (isNothing(found)) return `No session and no task matches “${search.trim()}”.`;
  const parts = [counted(sessions, "session"), counted(tasks, "task")].filter(Boolean);
  return `${parts.join(" and ")} ${sessions + tasks === 1 ? "matches" : "match"} “${search.trim()}”.`;
}
