import type { Usage } from "../../../protocol/entities.ts";
import type { Reading, Signal } from "../../agents/reading.ts";

/**
 * A signal with times and with counts that can be. What agents write into their files is anybody's, and a clock may have been
 * wrong when they did: a time that is none, or has not come yet, becomes now; a reset that nobody lives to see is not known; a count
 * that is none is left out.
 */
export function plausible(signal: Signal, now: number): Signal {
  const at = Number.isFinite(signal.at) && signal.at >= 0 ? Math.min(Math.trunc(signal.at), now) : now;
  return { ...signal, at, reading: plausibleReading(signal.reading, now) };
}

function plausibleReading(reading: Reading, now: number): Reading {
  switch (reading.type) {
    case "usage":
    case "prompt-usage":
      return { ...reading, usage: plausibleUsage(reading.usage) };
    case "limit":
      return { ...reading, limit: withPlausibleReset(reading.limit, now) };
    case "quota":
      return { ...reading, windows: reading.windows.map((window) => withPlausibleReset(window, now)) };
    default:
      return reading;
  }
}

/** A hundred years: a time in the wrong unit is in another millennium. */
const MAX_RESET_MS = 100 * 365 * 24 * 60 * 60_000;

/** A limit, or a window of one, whose reset is known only where it can be. @param now milliseconds since the epoch */
export function withPlausibleReset<T extends { readonly resetsAt: number | null }>(limit: T, now: number): T {
  const { resetsAt } = limit;
  const isPlausible = resetsAt === null || (resetsAt >= 0 && resetsAt <= now + MAX_RESET_MS);
  return isPlausible ? limit : { ...limit, resetsAt: null };
}

/** More than any conversation has used: sums of such counts stay exact. */
const MAX_TOKENS = 1e12;
const MAX_COST_USD = 1e6;

/** The counts among them that can be. */
export function plausibleUsage<T extends Partial<Usage>>(usage: T): Partial<T> {
  const counts = Object.entries(usage).filter(([name, count]) => {
    return count === null || (count >= 0 && count <= (name === "costUsd" ? MAX_COST_USD : MAX_TOKENS));
  });
  return Object.fromEntries(counts) as Partial<T>;
}
