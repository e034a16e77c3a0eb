import type { Task } from "../../protocol/entities.ts";
import { oneLine } from "../screen/request-text.ts";
import { UsageError } from "../usage.ts";

/** `<agent>-<epoch ms>-<9 of 0-9a-z>`: what the gateway calls a task. */
const wholeId = /^.+-\d{13}-[a-z0-9]{9}$/;
const SHORT_ID_CHARS = 9;
/** Less of an id or a title is a slip of the finger rather than a name. */
const MIN_PART_CHARS = 3;
/** So many of those that a word may mean are listed. */
const MAX_LISTED = 10;

/** Enough of a task's id for a person to name it by. */
export function shortId(id: string): string {
  return isWholeId(id) ? id.slice(-SHORT_ID_CHARS) : id;
}

export function isWholeId(ref: string): boolean {
  return wholeId.test(ref);
}

/**
 * The task that a word means: by its id, its short id, the beginning or the end of one, its title or the beginning of that. Null when it
 * means none. @throws {UsageError} when it may mean several
 */
export function taskMeant(ref: string, tasks: readonly Task[]): Task | null {
  const title = ref.toLowerCase();
  const isPart = ref.length >= MIN_PART_CHARS;
  const ways: readonly ((task: Task) => boolean)[] = [
    ({ id }) => id === ref,
    ({ id }) => shortId(id) === ref,
    ({ id }) => isPart && (shortId(id).startsWith(ref) || id.startsWith(ref) || id.endsWith(ref)),
    (task) => task.title.toLowerCase() === title,
    (task) => isPart && task.title.toLowerCase().startsWith(title),
  ];
  for (const fits of ways) {
    const meant = tasks.filter(fits);
    const [only] = meant;
    if (only === undefined) continue;
    if (meant.length === 1) return only;
    const listed = meant.slice(0, MAX_LISTED).map(({ id, title: words }) => `  ${shortId(id)}  ${oneLine(words)}`);
    if (meant.length > MAX_LISTED) listed.push(`  and ${meant.length - MAX_LISTED} more`);
    throw new UsageError(`"${ref}" may mean several tasks. Name one by its id:\n${listed.join("\n")}`);
  }
  return null;
}
