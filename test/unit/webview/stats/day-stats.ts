import type { Usage } from "../../../../src/protocol/entities.ts";
import type { DayStats } from "../../../../src/protocol/stats.ts";

/** A day on which nothing was done, except what a test says. */
export function aDay(fields: Partial<Omit<DayStats, "usage">> & { readonly usage?: Partial<Usage> } = {}): DayStats {
  const usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null };
  return {
    day: "2026-11-21",
    startsAt: Date.UTC(2026, 10, 21),
    agent: "claude",
    projectId: "project1",
    done: 0,
    failed: 0,
    cancelled: 0,
    executionMs: 0,
    ...fields,
    usage: { ...usage, ...fields.usage },
  };
}
