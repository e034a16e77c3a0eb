import { oneLine } from "../protocol/visible.ts";
import type { DashboardConnection } from "../protocol/dashboard.ts";
import type { Session } from "../protocol/entities.ts";
import type { FilteredTree } from "./tree-filter.ts";
import type { Grouping, Sorting, TreeOptions } from "./tree-options.ts";

const MAX_FILTER_CHARS = 40;

/** Above the rows where {@link isOfBefore}. */
export const stoppedMessage = "Tally's gateway was stopped: this is how things were then. Agents run on without it.";

/** Whether what is known of agents that ran is from before somebody stopped the gateway. */
export function isOfBefore(connection: DashboardConnection, sessions: Iterable<Session>): boolean {
  return connection === "stopped" && [...sessions].some(({ endedAt }) => endedAt === null);
}

/** Above the rows while a filter leaves some out; null without one. */
export function filterMessage(filter: string, { shown, all }: Pick<FilteredTree, "shown" | "all">): string | null {
  if (filter === "") return null;
  const quoted = `"${oneLine(filter, MAX_FILTER_CHARS)}"`;
  if (shown === 0)
    return `Nothing matches ${quoted}. Clear the filter to see ${all === 1 ? "the one there is" : `all ${all}`}.`;
  return `Filtered by ${quoted}: ${shown} of ${all}`;
}

/** Behind the view's title, where it is not shown as everybody sees it first. */
export function viewDescription({ grouping, sorting }: Pick<TreeOptions, "grouping" | "sorting">): string {
  return [grouping === "project" ? "" : `by ${grouping}`, sorting === "waiting" ? "" : "recent first"]
    .filter(Boolean)
    .join(", ");
}

/** What can be chosen, in the words of a menu. */
export const groupingWords: Record<Grouping, readonly [label: string, detail: string]> = {
  project: ["Project", "With worktrees and their processes"],
  state: ["State", "Who waits for you first, then what failed"],
  agent: ["Agent", "One group for each agent"],
};

export const sortingWords: Record<Sorting, readonly [label: string, detail: string]> = {
  waiting: ["Waiting First", "Who waits for you longest on top"],
  recent: ["Most Recent", "What changed its state last on top"],
};
