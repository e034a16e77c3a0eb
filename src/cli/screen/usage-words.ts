import type { Usage } from "../../protocol/entities.ts";

/** `1.2k in, 340 out, 45k cached, $0.12`; what was not used, or is not known, is left out. */
export function usageWords({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd }: Usage): string {
  const cached = cacheReadTokens + cacheWriteTokens;
  return [
    `${formatTokens(inputTokens)} in`,
    `${formatTokens(outputTokens)} out`,
    ...(cached > 0 ? [`${formatTokens(cached)} cached`] : []),
    ...(costUsd === null ? [] : [formatCost(costUsd)]),
  ].join(", ");
}

/** Two or three figures: `999`, `1.2k`, `45k`, `1.3M`. */
export function formatTokens(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  return tokens < 999_500 ? `${short(tokens / 1_000)}k` : `${short(tokens / 1_000_000)}M`;
}

function short(amount: number): string {
  return amount < 9.95 ? amount.toFixed(1) : amount.toFixed(0);
}

/** In cents; less than a cent is said to be that. */
export function formatCost(usd: number): string {
  return usd > 0 && usd < 0.01 ? "<$0.01" : `$${usd.toFixed(2)}`;
}
