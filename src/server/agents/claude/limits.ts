import * as z from "zod";
import type { LimitKind } from "../../../protocol/limits.ts";
import { firstLine } from "../first-line.ts";
import { hereAndNow } from "../here-and-now.ts";
import { readClaudeLimit } from "../limit-words/claude.ts";
import type { LimitReport, TimedReading } from "../reading.ts";
import { sentence } from "./words.ts";

/** What the transcript says of the limit that refused a request. 2.1.197 does not write it. */
export const quotaLimitsSchema = z.looseObject({
  status: z.string(),
  /** Seconds since the epoch. */
  resetsAt: z.number().nonnegative().optional(),
  rateLimitType: z.string().optional(),
  dailyCapPaused: z.boolean().optional(),
});
export type QuotaLimits = z.infer<typeof quotaLimitsSchema>;

/** A turn that ended in an error. */
export interface Failure {
  /** Claude Code's word for the kind of error: `rate_limit`, `server_error`, `billing_error`, ... */
  readonly error: string;
  readonly text: string;
  /** It says itself that another try soon may do. */
  readonly isTransient?: boolean | undefined;
  readonly quotaLimits?: QuotaLimits | undefined;
}

interface Told {
  /** What exactly said so. */
  readonly signal: string;
  /** The agent's own time, where it tells one. */
  readonly at?: number;
  /** When the words were written, as far as is known. */
  readonly writtenAt: number;
}

/** What a failed turn tells: that, or that a usage limit stopped it, and which. */
export function readFailure(failure: Failure, { signal, at, writtenAt }: Told): readonly TimedReading[] {
  const limit = limitOf(failure, writtenAt);
  const time = at === undefined ? {} : { at };
  const said = sentence(firstLine(failure.text));
  if (limit === null) return [{ type: "activity", activity: "failed", text: said, signal, ...time }];
  return [
    { type: "activity", activity: "limited", text: said, signal, ...time },
    { type: "limit", limit, signal, ...time },
    ...usedUp(limit).map((reading) => ({ ...reading, ...time })),
  ];
}

/** The limit of an error message without its kind, as the terminal shows it. */
export function limitInMessage(text: string, writtenAt: number): LimitReport | null {
  if (isShortRetry.test(text)) return null;
  return limitInWords(text, writtenAt) ?? (/^API Error: Request rejected \(429\)/.test(text) ? unnamed(text) : null);
}

/** The limit in words of which it is certain that they are about one. */
export function limitShown(text: string, writtenAt: number): LimitReport {
  return limitInWords(text, writtenAt) ?? unnamed(text);
}

/** The usage limit that a turn ended in; null where it ended in another error. */
export function limitOf(failure: Failure, writtenAt: number): LimitReport | null {
  const { error, text, quotaLimits } = failure;
  if (quotaLimits?.status === "rejected") return exactLimit(quotaLimits, text, writtenAt);
  switch (error) {
    case "rate_limit":
      return isTooManyJustNow(failure) ? null : limitShown(text, writtenAt);
    // A spending limit of an API key comes as a bad request.
    case "unknown":
      return limitInMessage(text, writtenAt);
    default:
      return null;
  }
}

/** Whether too many came just now: it passes by itself, and soon. */
export function isTooManyJustNow({ error, text, isTransient = false }: Failure): boolean {
  return error === "rate_limit" && (isTransient || isShortRetry.test(text));
}

/** Too many requests just now; the same error kind as a usage limit, and the words are all that tells them apart. */
const isShortRetry =
  /\(not your usage limit\)|\bper[- ](?:second|minute)\b|\btemporary\b|\boverloaded\b|\bat capacity\b|Too many (?:tokens|requests), please wait/i;

interface Window {
  readonly kind: Exclude<LimitKind, "manual">;
  readonly model: string | null;
}

/** By Claude Code's names. */
export const limitWindows: ReadonlyMap<string, Window> = new Map<string, Window>([
  ["five_hour", { kind: "five-hour", model: null }],
  ["seven_day", { kind: "weekly", model: null }],
  ["seven_day_opus", { kind: "model", model: "Opus" }],
  ["seven_day_sonnet", { kind: "model", model: "Sonnet" }],
  ["seven_day_overage_included", { kind: "model", model: "Fable" }],
]);

function exactLimit(
  { resetsAt, rateLimitType, dailyCapPaused }: QuotaLimits,
  text: string,
  writtenAt: number,
): LimitReport {
  const inWords = limitShown(text, writtenAt);
  const window = limitWindows.get(rateLimitType ?? "") ?? { kind: inWords.kind, model: inWords.model };
  const named = dailyCapPaused === true ? ({ kind: "daily", model: null } as const) : window;
  return resetsAt === undefined
    ? { ...inWords, ...named }
    : { ...named, resetsAt: resetsAt * 1000, isExact: true, text: firstLine(text) };
}

function limitInWords(text: string, writtenAt: number): LimitReport | null {
  return readClaudeLimit(text, { ...hereAndNow(), now: writtenAt });
}

function unnamed(text: string): LimitReport {
  return { kind: "other", model: null, resetsAt: null, isExact: false, text: firstLine(text) };
}

/** A window whose limit stopped it is used up. */
function usedUp({ kind, model, resetsAt, isExact }: LimitReport): TimedReading[] {
  return isExact && kind !== "manual" && kind !== "other"
    ? [{ type: "quota", windows: [{ kind, model, usedPercent: 100, resetsAt }] }]
    : [];
}
