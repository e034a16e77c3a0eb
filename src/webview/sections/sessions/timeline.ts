import type { ShownState } from "../../../presentation/state-icons.ts";
import type { Session } from "../../../protocol/entities.ts";
import type { StateSpan } from "../../../protocol/stats.ts";

/** What a session was, the oldest first: each holds until the next one. */
export type Timeline = readonly StateSpan[];

/** From when until when is drawn. */
export interface TimeWindow {
  readonly from: number;
  readonly until: number;
}

/** A part of the window in which a session was in one state. */
export interface Stretch extends TimeWindow {
  readonly state: ShownState;
}

/** Finer than this is not seen on a bar. */
const STEPS = 250;

/**
 * The window that is drawn: it ends with the step in which now is, or the latest change, where the gateway's clock is ahead. So bars are
 * not drawn anew at every change.
 */
export function drawnWindow(spanMs: number, now: number, timelines: Iterable<Timeline>): TimeWindow {
  const stepMs = stepOf(spanMs);
  let latest = now;
  for (const timeline of timelines) latest = Math.max(latest, timeline.at(-1)?.from ?? 0);
  const until = (Math.floor(latest / stepMs) + 1) * stepMs;
  return { from: until - spanMs, until };
}

/**
 * What every session was, with what it is now, as far back as `since`; the very same where no session has changed. So it does not grow
 * while the page stays open.
 */
export function followed(
  timelines: ReadonlyMap<string, Timeline>,
  sessions: readonly Session[],
  since: number,
  now: number,
): ReadonlyMap<string, Timeline> {
  const latest = sessions.map((session): [string, Timeline] => [
    session.id,
    withPresent(timelines.get(session.id) ?? [], session, now),
  ]);
  if (latest.every(([id, timeline]) => timelines.get(id) === timeline)) return timelines;
  return new Map(latest.map(([id, timeline]) => [id, asOf(timeline, since)]));
}

/** Without what was over before. */
function asOf(timeline: Timeline, since: number): Timeline {
  const first = timeline.findLastIndex(({ from }) => from <= since);
  return first <= 0 ? timeline : timeline.slice(first);
}

export function stepOf(spanMs: number): number {
  return spanMs / STEPS;
}

/**
 * A session's timeline with what it is now. A session that goes back to what it did before says since when it does that in all, which is
 * before it stopped: what it was meanwhile stays, and the change is of now.
 */
export function withPresent(timeline: Timeline, { state, stateSince, reason }: Session, now: number): Timeline {
  const { isUnknown, at } = reason;
  const last = timeline.at(-1);
  if (!last) return [{ state, isUnknown, from: stateSince }];
  if (last.state === state && last.isUnknown === isUnknown) return timeline;
  const times = last.state === state ? [at, now] : [stateSince, at, now];
  const from = times.find((time) => time > last.from) ?? last.from;
  const before = from === last.from ? timeline.slice(0, -1) : timeline;
  return [...before, { state, isUnknown, from }];
}

/** What a session was in the window, each state as long as it lasted. While it had ended there is nothing. */
export function stretchesOf(timeline: Timeline, endedAt: number | null, { from, until }: TimeWindow): Stretch[] {
  const end = Math.min(endedAt ?? until, until);
  return timeline.flatMap((span, index) => {
    const next = timeline[index + 1];
    if (wasEnded(span, next)) return [];
    const stretch = { from: Math.max(span.from, from), until: Math.min(next?.from ?? end, end) };
    return stretch.until > stretch.from ? [{ state: span.isUnknown ? "UNKNOWN" : span.state, ...stretch }] : [];
  });
}

/** A live agent can be in error too; one that starts after it had ended with it. */
function wasEnded({ state }: StateSpan, next: StateSpan | undefined): boolean {
  return state === "DONE" || (state === "ERROR" && next?.state === "STARTING");
}

/**
 * The same in no finer steps than can be seen: what is shorter is drawn together with what comes after it, as that of which there was most.
 * Never more than the window has steps.
 */
export function coarsened(stretches: readonly Stretch[], stepMs: number): Stretch[] {
  const coarse: Stretch[] = [];
  let short: Stretch[] = [];
  const add = (stretch: Stretch) => {
    const last = coarse.at(-1);
    const goesOn = last?.state === stretch.state && last.until === stretch.from;
    if (goesOn) coarse[coarse.length - 1] = { ...last, until: stretch.until };
    else coarse.push(stretch);
  };
  const addShort = () => {
    const [first, last] = [short[0], short.at(-1)];
    if (first && last)
      add({ state: mostOf(short), from: first.from, until: Math.max(last.until, first.from + stepMs) });
    short = [];
  };
  for (const stretch of stretches) {
    const isApart = short.length > 0 && stretch.from > (short.at(-1)?.until ?? 0);
    const isLong = stretch.until - stretch.from >= stepMs;
    if (isApart || isLong) addShort();
    if (isLong) add(stretch);
    else short.push(stretch);
    if (short.length > 0 && stretch.until - (short[0]?.from ?? 0) >= stepMs) addShort();
  }
  addShort();
  return coarse;
}

/** That it waited for the person is never drawn over. */
function mostOf(stretches: readonly Stretch[]): ShownState {
  if (stretches.some(({ state }) => state === "WAITING_USER")) return "WAITING_USER";
  const totals = totalsOf(stretches);
  return [...totals].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "UNKNOWN";
}

/** How long it was in each state. */
export function totalsOf(stretches: readonly Stretch[]): ReadonlyMap<ShownState, number> {
  const totals = new Map<ShownState, number>();
  for (const { state, from, until } of stretches) totals.set(state, (totals.get(state) ?? 0) + until - from);
  return totals;
}
