import { groupBy } from "../../../presentation/group-by.ts";
import type { QuotaSample } from "../../../protocol/stats.ts";

/** A part of the time that is drawn. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Point {
  readonly at: number;
  readonly percent: number;
}

/** The use of one window of an account over time. */
export interface UsageLine {
  readonly kind: QuotaSample["kind"];
  readonly model: string | null;
  /** Nothing is drawn between two of them. */
  readonly strokes: readonly (readonly Point[])[];
  readonly resets: readonly number[];
  readonly lowest: number;
  readonly highest: number;
  /** Since when something is known of it, within the time that is drawn. */
  readonly since: number;
}

/** The shortest window comes first: it is what stops a person next. */
const order: readonly QuotaSample["kind"][] = ["five-hour", "daily", "weekly", "model", "other"];

/** So many points of a line can be told apart. */
const RESOLUTION = 400;
/** A window that says less than before by so much was reset, though nobody said when. */
const DROP_PERCENT = 2;

/** The lines of one account's windows, drawn within `span`; `samples` are in the order of their times. */
export function usageLines(samples: readonly QuotaSample[], span: Span): readonly UsageLine[] {
  return [...groupBy(samples, windowOf).values()]
    .flatMap((ofWindow) => usageLine(ofWindow, span) ?? [])
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.model ?? "").localeCompare(b.model ?? ""));
}

/** What tells the windows of one account apart. */
export function windowOf({ kind, model }: QuotaSample): string {
  return `${kind} ${model ?? ""}`;
}

function usageLine(samples: readonly QuotaSample[], span: Span): UsageLine | null {
  const { from, to } = span;
  const begin = samples.findLastIndex(({ at }) => at <= from);
  const shown = samples.slice(Math.max(0, begin)).filter(({ at }) => at <= to);
  const [first] = shown;
  const last = shown.at(-1);
  if (!first || !last) return null;
  const { strokes, resets } = strokesOf(first, shown.slice(1), span);
  if (strokes.length === 0) return null;
  const seen = shown.filter(({ at }) => at >= from);
  const used = (seen.length > 0 ? seen : [last]).map(({ usedPercent }) => usedPercent);
  return {
    kind: first.kind,
    model: first.model,
    strokes,
    resets,
    lowest: Math.min(...used),
    highest: Math.max(...used),
    since: Math.max(first.at, from),
  };
}

function strokesOf(
  first: QuotaSample,
  others: readonly QuotaSample[],
  { from, to }: Span,
): Pick<UsageLine, "strokes" | "resets"> {
  const gapMs = (to - from) / RESOLUTION;
  const strokes: Point[][] = [];
  const resets: number[] = [];
  let stroke: Point[] = [{ at: Math.max(first.at, from), percent: first.usedPercent }];
  let before = first;
  // What was used stays used until the reset; after it, nobody knows before the agent tells.
  const end = (at: number) => {
    if (at > from) strokes.push([...stroke, { at, percent: before.usedPercent }]);
  };
  for (const sample of others) {
    const resetAt = resetBetween(before, sample);
    if (resetAt !== null) {
      end(resetAt);
      if (resetAt > from) resets.push(resetAt);
      stroke = [{ at: Math.max(resetAt, from), percent: 0 }];
    }
    if (isSeen(sample, stroke.at(-1), gapMs)) stroke.push({ at: sample.at, percent: sample.usedPercent });
    before = sample;
  }
  const { resetsAt } = before;
  const lastReset = resetsAt !== null && resetsAt <= to ? resetsAt : null;
  if (lastReset !== null && lastReset > from) resets.push(lastReset);
  end(lastReset ?? to);
  return { strokes, resets };
}

/** Whether it can be told from the point before it. */
function isSeen({ at, usedPercent }: QuotaSample, before: Point | undefined, gapMs: number): boolean {
  return !before || at - before.at >= gapMs || Math.abs(usedPercent - before.percent) >= 1;
}

/** When the window was reset between two samples; null when it was not. */
function resetBetween(a: QuotaSample, b: QuotaSample): number | null {
  if (a.resetsAt !== null && a.resetsAt <= b.at) return Math.max(a.resetsAt, a.at);
  return b.usedPercent < a.usedPercent - DROP_PERCENT ? b.at : null;
}

/** A stroke as the path of an SVG that is 1000 wide and 100 high. */
export function strokePath(points: readonly Point[], span: Span): string {
  return points
    .map(({ at, percent }, index) => `${index === 0 ? "M" : "L"}${place(at, span)} ${height(percent)}`)
    .join("");
}

/** Where a moment is, from 0 to 1000. */
export function place(at: number, { from, to }: Span): number {
  return round((1_000 * (Math.min(Math.max(at, from), to) - from)) / Math.max(1, to - from));
}

function height(percent: number): number {
  return round(100 - Math.min(100, Math.max(0, percent)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
