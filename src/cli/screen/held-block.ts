import type { Pause } from "../../protocol/limits.ts";
import { formatAge } from "./age.ts";
import { pausedWhat, pauseSource, untilWords } from "./pause-words.ts";
import { agentLines, oneLine } from "./request-text.ts";
import { formatFacts } from "./session-facts.ts";
import type { Surface } from "./surface.ts";
import { clockWords } from "./time-words.ts";

/** What a person can do about a held launch, with the command line that does it. */
export interface WayOn {
  readonly words: string;
  readonly line: string;
}

/** Why something does not start now: what is paused, since when and until when, how that is known, and what can be done. */
export function formatHeld(pause: Pause, ways: readonly WayOn[], surface: Surface): string[] {
  const { style, nowMs, width } = surface;
  const facts = formatFacts(
    [
      { name: "since", value: `${clockWords(pause.since, surface)}, ${formatAge(nowMs - pause.since)} ago` },
      { name: "until", value: untilWords(pause, surface).replace(/^until /, ""), style: "bold" },
      { name: "why", value: oneLine(pause.reason) },
      { name: "known from", value: pauseSource(pause) },
      { name: "tried", value: pause.tries === 0 ? null : triedWords(pause.tries) },
    ],
    surface,
  );
  return [
    style("bold", `Paused: ${pausedWhat(pause)}`),
    ...facts.map((line) => `  ${line}`),
    ...(pause.evidence === null || pause.evidence === pause.reason ? [] : agentLines(pause.evidence, width)),
    "",
    ...formatWays(ways, surface),
  ];
}

export function formatWays(ways: readonly WayOn[], { style }: Pick<Surface, "style">): string[] {
  const columns = Math.max(0, ...ways.map(({ words }) => words.length));
  return ways.map(({ words, line }) => `${`${words}:`.padEnd(columns + 1)}  ${style("cyan", line)}`);
}

function triedWords(tries: number): string {
  return `${tries === 1 ? "once" : `${tries} times`}, and the limit was still there`;
}
