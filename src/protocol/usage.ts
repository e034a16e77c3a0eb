import type { Usage } from "./entities.ts";

/** Of an agent that has told nothing yet, nor what it costs. */
export const noUsage: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: null,
};

/** Of an agent that has used nothing yet, and tells what it costs. */
export const usedNothing: Usage = { ...noUsage, costUsd: 0 };

/** Both together. A cost that one of them does not tell is not known in all. */
export function sumUsage(one: Usage, other: Usage): Usage {
  const costUsd = one.costUsd === null || other.costUsd === null ? null : one.costUsd + other.costUsd;
  return sumTokens(one, other, costUsd);
}

/** Both together, with as much of the cost as is told. */
export function sumToldUsage(one: Usage, other: Usage): Usage {
  const isUntold = one.costUsd === null && other.costUsd === null;
  return sumTokens(one, other, isUntold ? null : (one.costUsd ?? 0) + (other.costUsd ?? 0));
}

function sumTokens(one: Usage, other: Usage, costUsd: number | null): Usage {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
    cacheWriteTokens: one.cacheWriteTokens + other.cacheWriteTokens,
    costUsd,
  };
}
