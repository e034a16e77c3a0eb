import type { Task } from "../../protocol/entities.ts";

/** What a task has where nothing is said of it. */
export const blankTask = {
  details: null,
  type: "code",
  description: null,
  result: null,
  error: null,
  plan: null,
  worktreeId: null,
  accountId: null,
  startedAt: null,
  position: null,
  run: null,
  usage: null,
  pinned: false,
} as const satisfies Partial<Task>;
