import type { Pause } from "../../../protocol/limits.ts";
import type { Span } from "./usage-lines.ts";

/** When an account was paused within `span`, the earliest first; pauses that overlap are one. */
export function pauseBands(pauses: Iterable<Pause>, accountId: string, span: Span): readonly Span[] {
  const spans = [...pauses]
    .filter((pause) => pause.accountId === accountId && pause.isInForce)
    .map(({ since, endedAt }) => ({ from: Math.max(since, span.from), to: Math.min(endedAt ?? span.to, span.to) }))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from);
  const bands: Span[] = [];
  for (const each of spans) {
    const last = bands.at(-1);
    if (last && each.from <= last.to) bands[bands.length - 1] = { from: last.from, to: Math.max(last.to, each.to) };
    else bands.push(each);
  }
  return bands;
}

/** How long it was paused, in all. */
export function pausedMs(bands: readonly Span[]): number {
  return bands.reduce((sum, { from, to }) => sum + to - from, 0);
}
