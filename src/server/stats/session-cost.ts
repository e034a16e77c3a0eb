/** What is known of what a session has cost, in US dollars. */
export interface SessionCost {
  /** All of it, the most that its agent told; null while it has told nothing. */
  readonly told: number | null;
  /** So much of it is known of its tasks, and counted as theirs. */
  readonly ofTasks: number;
  /** So much was told at first that was of no task. Where the conversation began before its session, that was spent then. */
  readonly first: number;
  /** When that was told. */
  readonly firstAt: number | null;
  /** So much of it was spent on its conversation before it was one of Tally's. */
  readonly before: number;
  /** So much is counted that is of no task: Claude Code tells in a terminal what a conversation has cost, and not what a prompt has. */
  readonly counted: number;
}

export const noCost: SessionCost = { told: null, ofTasks: 0, first: 0, firstAt: null, before: 0, counted: 0 };

/** The cost once more is told of the session, or counted as its tasks'. @param at when that is told */
export function withCost(cost: SessionCost, told: number | null, at: number): SessionCost {
  if (told === null && cost.told === null) return cost;
  // A conversation that is resumed tells less until its agent remembers what was spent before; nothing is ever given back.
  const all = Math.max(told ?? 0, cost.told ?? 0);
  const beginning = cost.told === null ? { first: Math.max(0, all - cost.ofTasks), firstAt: at } : {};
  return counted({ ...cost, ...beginning, told: all });
}

/** The cost of a session whose conversation turns out to have begun before it. */
export function withPast(cost: SessionCost): SessionCost {
  return counted({ ...cost, before: cost.first });
}

function counted(cost: SessionCost): SessionCost {
  return { ...cost, counted: Math.max(0, (cost.told ?? 0) - cost.before - cost.ofTasks) };
}
