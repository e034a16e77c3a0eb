import * as z from "zod";
import type { LimitKind } from "../../../protocol/limits.ts";
import { readCodexLimit } from "../limit-words/codex.ts";
import type { LimitReport, Reading } from "../reading.ts";

const windowSchema = z.looseObject({
  used_percent: z.number().nonnegative(),
  window_minutes: z.number().nullish(),
  /** Seconds since the epoch. */
  resets_at: z.number().nonnegative().nullish(),
});
type Window = z.infer<typeof windowSchema>;

/** What the API tells of an allowance with every answer, also with the one that refuses. Null where the account has no such window. */
export const rateLimitsSchema = z.looseObject({
  limit_id: z.string().nullish().catch(null),
  limit_name: z.string().nullish().catch(null),
  primary: windowSchema.nullish().catch(null),
  secondary: windowSchema.nullish().catch(null),
});
export type RateLimits = z.infer<typeof rateLimitsSchema>;

const kinds: ReadonlyMap<number, Exclude<LimitKind, "manual">> = new Map([
  [300, "five-hour"],
  [1_440, "daily"],
  [10_080, "weekly"],
]);
/** The allowance of all models; others are one model's, which they name. */
const OF_ALL_MODELS = "codex";
/** Its words tell the minute. */
const MINUTE_MS = 60_000;

/** How much of the allowance is used. */
export function quotaReading(limits: RateLimits): Reading[] {
  const windows = windowsOf(limits).map((window) => ({
    kind: kindOf(window),
    model: modelOf(limits),
    usedPercent: window.used_percent,
    resetsAt: resetOf(window),
  }));
  return windows.length > 0 ? [{ type: "quota", windows }] : [];
}

/**
 * The limit that stopped a turn: the window that is full, of two that are the one that resets later, or else the one whose reset the
 * words tell. They tell it where no window does.
 * @param limits the last that were told, which may be from long before.
 */
export function limitReport(message: string, limits: RateLimits | null, at: number, timeZone: string): LimitReport {
  const told = readCodexLimit(message, { now: at, timeZone });
  const open = limits ? windowsOf(limits).filter((window) => (resetOf(window) ?? 0) > at) : [];
  const full = open.filter(({ used_percent }) => used_percent >= 100);
  const [last] = full.sort((one, other) => (resetOf(other) ?? 0) - (resetOf(one) ?? 0));
  const meant = last ?? open.find((window) => isSameMinute(resetOf(window), told?.resetsAt));
  if (!limits || !meant) return told ?? { kind: "other", model: null, resetsAt: null, isExact: false, text: message };
  return { kind: kindOf(meant), model: modelOf(limits), resetsAt: resetOf(meant), isExact: true, text: message };
}

function windowsOf({ primary, secondary }: RateLimits): Window[] {
  return [primary, secondary].flatMap((window) => window ?? []);
}

function kindOf({ window_minutes }: Window): Exclude<LimitKind, "manual"> {
  return kinds.get(window_minutes ?? 0) ?? "other";
}

function modelOf({ limit_id, limit_name }: RateLimits): string | null {
  return (limit_id ?? OF_ALL_MODELS) === OF_ALL_MODELS ? null : (limit_name ?? limit_id ?? null);
}

function resetOf({ resets_at }: Window): number | null {
  return resets_at ? Math.round(resets_at * 1_000) : null;
}

function isSameMinute(one: number | null, other: number | null | undefined): boolean {
  return one !== null && other != null && Math.abs(one - other) < MINUTE_MS;
}
