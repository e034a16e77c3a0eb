import { clockTime, lengthWords } from "../../../presentation/limit-times.ts";
import { percentWords, windowName } from "../../../presentation/limit-words.ts";
import { pausedMs } from "./pause-bands.ts";
import type { Span, UsageLine } from "./usage-lines.ts";

/** What the lines and bands show, in words: `Since 09:00: 5-hour 20% to 82%, reset once. Paused twice, 3 h 10 min in all.` */
export function usageSummary(lines: readonly UsageLine[], bands: readonly Span[], now: number): string {
  const paused = bands.length === 0 ? [] : [`Paused ${times(bands.length)}, ${lengthWords(pausedMs(bands))} in all.`];
  const [first] = lines;
  if (!first) return ["Nothing was told in this time.", ...paused].join(" ");
  const since = clockTime(first.since, now);
  const words = lines.map((line) => {
    const own = clockTime(line.since, now);
    return own === since ? lineWords(line) : `${lineWords(line)} since ${own}`;
  });
  return [`Since ${since}: ${words.join("; ")}.`, ...paused].join(" ");
}

function lineWords(line: UsageLine): string {
  const [low, high] = [percentWords(line.lowest), percentWords(line.highest)];
  const used = low === high ? high : `${low} to ${high}`;
  const resets = line.resets.length === 0 ? "" : `, reset ${times(line.resets.length)}`;
  return `${windowName(line)} ${used}${resets}`;
}

function times(count: number): string {
  if (count === 1) return "once";
  return count === 2 ? "twice" : `${count} times`;
}
