import type { Usage } from "../../../protocol/entities.ts";
import type { Tokens } from "./payloads.ts";

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
