const HOUR_MS = 3_600_000;

/** How far back the use of accounts is shown. */
export const usageRangeMs = { day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;
export type UsageRange = keyof typeof usageRangeMs;
export const usageRangeNames: Record<UsageRange, string> = { day: "Last 24 hours", week: "Last 7 days" };
export const usageRanges = Object.keys(usageRangeMs) as UsageRange[];
