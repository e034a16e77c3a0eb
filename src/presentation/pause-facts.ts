import type { Pause } from "../protocol/limits.ts";
import { type Fact, knownFacts } from "./facts.ts";
import { clockTime } from "./limit-times.ts";
import { endWords } from "./limit-words.ts";
import { sourceWords } from "./wording.ts";

/**
 * Since when and until when, who says so in which words, and how often it was tried out.
 * @param goesOn what goes on at its end, where that is not shown beside.
 */
export function pauseFacts(pause: Pause, now: number, goesOn: string | null = null): readonly Fact[] {
  return knownFacts([
    ["Since", clockTime(pause.since, now)],
    ["Until", pause.isInForce ? endWords(pause, now) : null],
    ["Goes on then", goesOn],
    ["Known from", provenance(pause)],
    ["In its words", pause.evidence],
    ["Tried out", triesWords(pause, now)],
  ]);
}

/** Of one made by hand, the title says it. */
function provenance({ kind, source, signal }: Pause): string | null {
  return kind === "manual" ? null : `${sourceWords[source]}${signal === null ? "" : ` (${signal})`}`;
}

/** How often it was tried out, and when it will be; of a reset that is known, that is no news. */
function triesWords({ tries, until, nextTryAt }: Pause, now: number): string | null {
  const next = nextTryAt === null || nextTryAt <= now ? null : clockTime(nextTryAt, now);
  if (tries === 0) return until === null && next !== null ? `first ${next}` : null;
  const times = tries === 1 ? "once" : `${tries} times`;
  return `${times}, and still limited${next === null ? "" : `; next ${next}`}`;
}
