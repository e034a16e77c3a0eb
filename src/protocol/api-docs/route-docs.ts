import type { ErrorCode } from "../errors.ts";

/** What the document of the API lists together, in its order, and what each is about. */
export const apiTags = {
  Gateway: "The gateway itself.",
  Sessions:
    "Conversations of agents: start them, see why they are in their state, answer what they ask, end and resume them.",
  Tasks:
    "Work that is handed over to Tally: it waits in the queue until its account, its worktree, the slots and the memory allow.",
  History: "What was done in each session, with its numbers.",
  Limits: "Accounts, the pauses that hold their launches, settings and personas.",
  Worktrees: "Checkouts that Tally makes, repairs, removes and brings back.",
  Processes: "The helper commands of a worktree.",
  Repository: "What a repository's tally.json says, and its approval.",
  "Task API": "For wrappers that report tasks of their own, which belong to a project and to no session.",
  "Wrapper API": "For wrappers that start Claude Code in terminals of their own, and tell of it.",
  "Session API": "For tools that run agents through Tally, in words of their own.",
  "Session feed": "For tools that follow every session as it begins, changes and ends.",
  Documentation: "This document.",
} as const satisfies Record<string, string>;
export type ApiTag = keyof typeof apiTags;

export interface RouteDocs {
  readonly tag: ApiTag;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What it can be refused with, besides what every route can. */
  readonly codes: readonly ErrorCode[];
}
