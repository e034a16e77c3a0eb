import { readOpencodeLimit } from "../limit-words/opencode.ts";
import type { ReadingTime } from "../../../protocol/reset-time.ts";
import type { LimitReport } from "../reading.ts";
import type { OpencodeError, Status } from "./payloads.ts";

/** opencode's names for limits that it knows, and those of its provider for the same. */
const limitReasons: ReadonlySet<string> = new Set(["free_tier_limit", "account_rate_limit"]);
const limitErrors = /\b(?:Free|Go)UsageLimitError\b/;
/** Words of other providers. A quota may be one of a minute, and then the wait is no longer than that. */
const limitWords = /\busage limit\b/i;
const quotaWords = /\bquota\b/i;
const MINUTE_MS = 60_000;

/** Its own wait before a try is 2 s, doubled with each, and up to a quarter more. One that is longer, the provider has told. */
const FIRST_WAIT_MS = 2_000;
const JITTER = 1.25;

/**
 * The limit for which opencode waits, null when it merely tries again. It tries again at once where the provider does not tell when; after the
 * fifth time it gives up, and the error tells of the limit.
 * @param saidAt when it began to wait; null when that is not known.
 */
export function limitOfRetry(
  { message, attempt, next, action }: Extract<Status, { type: "retry" }>,
  saidAt: number | null,
  when: ReadingTime,
): LimitReport | null {
  const waitMs = next === undefined || saidAt === null ? Infinity : next - saidAt;
  if (waitMs <= FIRST_WAIT_MS * 2 ** (attempt - 1) * JITTER) return null;
  const isNamed = action !== undefined && limitReasons.has(action.reason);
  if (!isNamed && !isLimit(message, waitMs)) return null;
  const told = readOpencodeLimit(message, { ...when, now: saidAt ?? when.now });
  return next === undefined ? (told ?? unknown(message)) : exact(message, next, told);
}

/** The limit that ended a turn. */
export function limitOfError({ data }: OpencodeError, when: ReadingTime): LimitReport | null {
  const message = data?.message ?? "";
  const waitMs = retryAfterMs(data?.responseHeaders ?? {});
  if (!limitErrors.test(data?.responseBody ?? "") && !isLimit(message, waitMs ?? Infinity)) return null;
  const told = readOpencodeLimit(message, when);
  return waitMs === null ? (told ?? unknown(message)) : exact(message, when.now + waitMs, told);
}

function isLimit(message: string, waitMs: number): boolean {
  return limitWords.test(message) || (quotaWords.test(message) && waitMs > MINUTE_MS);
}

function exact(text: string, resetsAt: number, told: LimitReport | null): LimitReport {
  return { kind: told?.kind ?? "other", model: told?.model ?? null, resetsAt, isExact: true, text };
}

function unknown(text: string): LimitReport {
  return { kind: "other", model: null, resetsAt: null, isExact: false, text };
}

function retryAfterMs(headers: Readonly<Record<string, string>>): number | null {
  const seconds = Number.parseFloat(headers["retry-after"] ?? "");
  return Number.isNaN(seconds) ? null : Math.round(seconds * 1_000);
}
