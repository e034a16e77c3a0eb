import type { Usage } from "../../../protocol/entities.ts";
import type { Tokens } from "./payloads.ts";

export const noUsage: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: 0,
};

/** opencode counts the tokens of thinking beside those of the answer; they are charged alike. */
export function usageOf(tokens: Tokens, costUsd: number): Usage {
  return {
    inputTokens: tokens.input,
    outputTokens: tokens.output + tokens.reasoning,
    cacheReadTokens: tokens.cache.read,
    cacheWriteTokens: tokens.cache.write,
    costUsd,
  };
}

export function sum(one: Usage, other: Usage): Usage {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
    cacheWriteTokens: one.cacheWriteTokens + other.cacheWriteTokens,
    costUsd: (one.costUsd ?? 0) + (other.costUsd ?? 0),
  };
}
