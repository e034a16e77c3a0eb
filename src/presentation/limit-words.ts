import type { Account, LimitKind, Pause, QuotaWindow } from "../protocol/limits.ts";
import { oneLine } from "../protocol/visible.ts";
import { clockTime, timeLeftWords } from "./limit-times.ts";

const MAX_LABEL_LENGTH = 60;

const limitNames: Record<LimitKind, string> = {
  "five-hour": "5-hour limit",
  weekly: "weekly limit",
  daily: "daily limit",
  model: "limit of this model",
  manual: "pause",
  other: "usage limit",
};

const windowNames: Record<QuotaWindow["kind"], string> = {
  "five-hour": "5-hour",
  weekly: "weekly",
  daily: "daily",
  model: "model",
  other: "usage",
};

/** Whose limit it is: the account, and the model where it is one model's. */
export function limitedName({ label, model }: Pick<Pause, "label" | "model">): string {
  const name = oneLine(label, MAX_LABEL_LENGTH);
  return model === null ? name : `${name} (${oneLine(model, MAX_LABEL_LENGTH)})`;
}

/** `its 5-hour limit`. */
export function limitName(kind: LimitKind): string {
  return limitNames[kind];
}

/** A pause on one line: `Claude Code paused until 15:00`. */
export function pauseTitle(pause: Pause, now: number): string {
  return `${limitedName(pause)} ${pausedWords(pause, now)}`;
}

/** So much of a row is seen in a side bar of the usual width. */
const ROW_CHARS = 31;
const ROW_NAME_CHARS = 18;

/** The same as a row, in which the time is seen: where the name is long it is cut, and the icon says that it is paused. */
export function pauseRowTitle(pause: Pause, now: number): string {
  const title = pauseTitle(pause, now);
  if (!pause.isInForce || pause.until === null || title.length <= ROW_CHARS) return title;
  return `${oneLine(limitedName(pause), ROW_NAME_CHARS)} until ${clockTime(pause.until, now)}`;
}

/** The same without whose it is. */
export function pausedWords({ isInForce, kind, until }: Pause, now: number): string {
  if (!isInForce) return "looks limited";
  const paused = kind === "manual" ? "paused by hand" : "paused";
  if (until !== null) return `${paused} until ${clockTime(until, now)}`;
  return kind === "manual" ? paused : `${paused}, reset unknown`;
}

/** What stands behind it: how long it goes on, or what happens next. */
export function pauseDescription(pause: Pause, now: number): string {
  const { until, nextTryAt, kind, isInForce } = pause;
  if (!isInForce) return "nothing is held";
  if (until !== null && until > now) return `in ${timeLeftWords(until - now)}`;
  if (until === null && kind === "manual") return "until it is lifted";
  if (nextTryAt !== null) return nextTryAt > now ? `next try ${clockTime(nextTryAt, now)}` : "is tried out";
  return until === null ? "" : "has reset";
}

/** What the gateway gives as the reason of a pause by hand where the person gave none. */
const SAYS_BY_HAND = /^it was paused by hand\.?$/i;

/** What a screen reader says of a pause's row. */
export function pauseLabel(pause: Pause, now: number): string {
  const description = pauseDescription(pause, now);
  const title = `${pauseTitle(pause, now)}${description === "" ? "" : `, ${description}`}.`;
  const reason = pauseReason(pause);
  return reason === null ? title : `${title} ${reason}`;
}

/** Why it is paused; null where that is no more than the title says already. */
export function pauseReason({ kind, reason }: Pick<Pause, "kind" | "reason">): string | null {
  return kind === "manual" && SAYS_BY_HAND.test(reason) ? null : reason;
}

/** Until when, with the time that is left: `15:00, in 2 h 13 min`. */
export function endWords({ until, kind }: Pause, now: number): string {
  if (until === null) return kind === "manual" ? "it is lifted" : "nobody knows when";
  const left = until > now ? `in ${timeLeftWords(until - now)}` : "now";
  return `${clockTime(until, now)}, ${left}`;
}

/** The same as it stands behind "paused": `until 15:00, in 2 h 13 min`. */
export function untilWords(pause: Pause, now: number): string {
  if (pause.until === null && pause.kind !== "manual") return "and nobody knows until when";
  return `until ${endWords(pause, now)}`;
}

/** The pauses that hold something, the one that ends first at the head. */
export function holdingPauses(pauses: Iterable<Pause>): readonly Pause[] {
  return [...pauses].filter(({ isInForce }) => isInForce).sort(byEnd);
}

/** Those that hold something first, of them the one that ends first; one whose end nobody knows comes after. */
export function byEnd(a: Pause, b: Pause): number {
  const end = ({ until }: Pause) => until ?? Infinity;
  const endsFirst = end(a) === end(b) ? a.createdAt - b.createdAt : end(a) - end(b);
  return Number(b.isInForce) - Number(a.isInForce) || endsFirst;
}

/** What the status bar says of pauses: the one that ends first, and how many others there are. Empty without any. */
export function pausesInShort(holding: readonly Pause[], now: number): string {
  const [first, ...others] = holding;
  if (!first) return "";
  const until = first.until === null ? "" : ` until ${clockTime(first.until, now)}`;
  return `${limitedName(first)}${until}${others.length > 0 ? ` +${others.length}` : ""}`;
}

/** The windows that still say something: what was used before a reset says nothing about after. */
export function currentQuotas({ quotas }: Account, now: number): readonly QuotaWindow[] {
  return quotas.filter(({ resetsAt }) => resetsAt === null || resetsAt > now);
}

/** `5-hour`, or of one model's window `weekly (opus)`. */
export function windowName({ kind, model }: Pick<QuotaWindow, "kind" | "model">): string {
  return model === null ? windowNames[kind] : `${windowNames[kind]} (${oneLine(model, MAX_LABEL_LENGTH)})`;
}

/** How much is used, as a person reads it: never 100 % before it is. */
export function percentWords(usedPercent: number): string {
  return `${Math.floor(usedPercent)}%`;
}

/** What is used of an account, on one line: `5-hour 82% · weekly 40%`. */
export function usageInShort(account: Account, now: number): string {
  const words = currentQuotas(account, now).map((each) => `${windowName(each)} ${percentWords(each.usedPercent)}`);
  return words.length > 0 ? words.join(" · ") : "not known since it reset";
}

/** One window in full: `82% used, resets 15:00, at this pace full by 14:20`. */
export function quotaWords({ usedPercent, resetsAt, fullAt }: QuotaWindow, now: number): string {
  const reset = resetsAt === null ? "" : `, resets ${clockTime(resetsAt, now)}`;
  const forecast = fullAt === null || fullAt <= now ? "" : `, at this pace full by ${clockTime(fullAt, now)}`;
  return `${percentWords(usedPercent)} used${reset}${forecast}`;
}
