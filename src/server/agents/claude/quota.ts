import * as z from "zod";
import type { TimedReading } from "../reading.ts";

const windowSchema = z.looseObject({
  used_percentage: z.number().nonnegative(),
  /** Seconds since the epoch. */
  resets_at: z.number().nonnegative().nullish(),
});

/** What the status line is told of a subscription's windows. */
export const rateLimitsSchema = z.looseObject({
  five_hour: windowSchema.nullish(),
  seven_day: windowSchema.nullish(),
});

const kinds = [
  ["five_hour", "five-hour"],
  ["seven_day", "weekly"],
] as const;

/** How much of the windows is used. */
export function readQuota(limits: z.infer<typeof rateLimitsSchema>): readonly TimedReading[] {
  const windows = kinds.flatMap(([name, kind]) => {
    const window = limits[name];
    const resetsAt = typeof window?.resets_at === "number" ? window.resets_at * 1000 : null;
    return window ? [{ kind, model: null, usedPercent: window.used_percentage, resetsAt }] : [];
  });
  return windows.length === 0 ? [] : [{ type: "quota", windows }];
}
