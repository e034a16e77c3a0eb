import type { Usage } from "../../../protocol/entities.ts";
import type { Signal } from "../../agents/reading.ts";

/**
 * A signal with a time and with counts that can be. What agents write into their files is anybody's, and a clock may have been
 * wrong when they did: a time that is none, or has not come yet, becomes now; a count that is none is left out.
 */
export function plausible(signal: Signal, now: number): Signal {
  const at = Number.isFinite(signal.at) && signal.at >= 0 ? Math.min(Math.trunc(signal.at), now) : now;
  const { reading } = signal;
  if (reading.type !== "usage" && reading.type !== "prompt-usage") return { ...signal, at };
  return { ...signal, at, reading: { ...reading, usage: plausibleUsage(reading.usage) } };
}

function plausibleUsage(usage: Partial<Usage>): Partial<Usage> {
  const counts = Object.entries(usage).filter(([, count]) => count === null || (Number.isFinite(count) && count >= 0));
  return Object.fromEntries(counts);
}
