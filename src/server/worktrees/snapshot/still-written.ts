import { TallyError } from "../../../protocol/errors.ts";
import { type Raw, textOf } from "./raw-path.ts";
import { type Program, whoUses } from "./who-uses.ts";

/** So many programs are named. */
const MAX_NAMED = 5;

/** What a person is told when a worktree does not come to rest. */
export async function stillWritten(name: string, folder: string, path: Raw): Promise<TallyError> {
  const programs = await whoUses(folder);
  const shown = textOf(path) || "The folder";
  return new TallyError(
    "worktree-busy",
    `${shown} of worktree ${name} is still being written to, so it cannot be kept whole. ${whatToDo(programs)}`,
    { path: textOf(path), programs },
  );
}

/** Names who has something in it open; on some systems nobody is known. */
export function whatToDo(programs: readonly Program[]): string {
  if (programs.length === 0) return "End the program that does it, then try again.";
  const named = programs.slice(0, MAX_NAMED).map(({ name, pid }) => `${name} (${pid})`);
  const more = programs.length - named.length;
  const who = more > 0 ? [...named, `${more} more`] : named;
  const list = who.length === 1 ? who.join() : `${who.slice(0, -1).join(", ")} and ${who.at(-1)}`;
  return `${list} ${programs.length === 1 ? "has" : "have"} it open. End ${programs.length === 1 ? "that" : "those"}, then try again.`;
}
