import { TallyError } from "../../protocol/errors.ts";
import type { Pause, Settings } from "../../protocol/limits.ts";
import type { Allowance } from "./accounts.ts";
import { pausedMessage } from "./pause-words.ts";

export type GateDecision =
  /** `pause`: in spite of this one. */
  { readonly verdict: "pass"; readonly pause: Pause | null } | { readonly verdict: "held"; readonly pause: Pause };

/** Decides whether a launch may go ahead. Every way of starting an agent goes through it. */
export function decideLaunch(
  allowance: Allowance,
  pause: Pause | null,
  mode: Settings["block"],
  isForced: boolean,
): GateDecision {
  if (!allowance.usesModel || pause === null || mode === "off") return { verdict: "pass", pause: null };
  return mode === "warn" || isForced ? { verdict: "pass", pause } : { verdict: "held", pause };
}

/** What a caller hears of a launch that is held. */
export function pausedError(pause: Pause, now: number): TallyError {
  return new TallyError("paused", pausedMessage(pause, now), { pause, resumeAt: pause.until });
}
