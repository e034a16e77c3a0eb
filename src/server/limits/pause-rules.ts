import type { Account, LimitKind, Pause } from "../../protocol/limits.ts";
import { isHolding } from "../../protocol/limits.ts";
import type { ReasonSource } from "../../protocol/sources.ts";

/** An agent was stopped by a limit. */
export interface LimitHit {
  readonly accountId: string;
  readonly sessionId: string;
  /** Whether the session's launch named a model. */
  readonly namesModel: boolean;
  readonly kind: LimitKind;
  readonly model: string | null;
  /** Null when it does not tell. */
  readonly resetsAt: number | null;
  /** Whether `resetsAt` comes from a field for programs. */
  readonly isExact: boolean;
  /** Only words on a screen: it may be something that looks like a limit. */
  readonly isGuess: boolean;
  readonly reason: string;
  readonly evidence: string | null;
  readonly source: ReasonSource;
  readonly signal: string | null;
  /** When it was stopped. */
  readonly at: number;
}

const MINUTE_MS = 60_000;
/** How long until it is tried out whether a limit is still there, where nobody says when it resets: at first, and after every try. */
const BACKOFF_MS = [5, 10, 20, 40, 60].map((minutes) => minutes * MINUTE_MS);
/** The same where it should have reset already: a clock may be wrong. */
const OVERDUE_MS = MINUTE_MS;

/** Whether a pause holds a launch on this account that names this model. */
export function holds(pause: Pause, accountId: string, model: string | null): boolean {
  if (!isHolding(pause) || pause.accountId !== accountId) return false;
  if (pause.model === null) return true;
  return model === null ? pause.holdsUnnamedModel : isSameModel(pause.model, model);
}

/** "Opus" is `claude-opus-4-5`, and `opus` too. */
export function isSameModel(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a.includes(b) || b.includes(a);
}

/** Agents cut the time off to its minute when they tell it in words. */
const CUT_OFF_MS = MINUTE_MS;

export interface Timing {
  readonly now: number;
  /** A little time that all of Tally waits after a reset: clocks differ, and many wait for the same moment. */
  readonly jitterMs: number;
}

/** The pause that a hit begins. */
export function newPause(id: string, account: Account, hit: LimitHit, timing: Timing): Pause {
  const { now } = timing;
  const pause: Pause = {
    id,
    accountId: account.id,
    agent: account.agent,
    label: account.label,
    model: hit.model,
    holdsUnnamedModel: !hit.namesModel,
    kind: hit.kind,
    since: hit.at,
    until: hit.resetsAt,
    isInForce: !hit.isGuess,
    reason: hit.reason,
    source: hit.source,
    signal: hit.signal,
    evidence: hit.evidence,
    sessionId: hit.sessionId,
    nextTryAt: null,
    tries: 0,
    endedAt: null,
    endedBy: null,
    createdAt: now,
    updatedAt: now,
  };
  return { ...pause, nextTryAt: nextTryAt(pause, hit, timing) };
}

/** The pause that a person begins. */
export function manualPause(
  id: string,
  account: Account,
  { until, reason }: { readonly until: number | null; readonly reason: string | undefined },
  now: number,
): Pause {
  return {
    id,
    accountId: account.id,
    agent: account.agent,
    label: account.label,
    model: null,
    holdsUnnamedModel: true,
    kind: "manual",
    since: now,
    until,
    isInForce: true,
    reason: reason ?? "It was paused by hand.",
    source: "person",
    signal: null,
    evidence: null,
    sessionId: null,
    nextTryAt: until,
    tries: 0,
    endedAt: null,
    endedBy: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** Whether a hit belongs to a pause: the same limit, told by another session, or once more. */
export function isOfPause(pause: Pause, hit: LimitHit): boolean {
  return pause.endedAt === null && isSameLimit(pause, hit);
}

/** Whether a hit is of the limit of a pause, in force or over. */
export function isSameLimit(pause: Pause, hit: LimitHit): boolean {
  if (pause.kind === "manual" || pause.accountId !== hit.accountId) return false;
  return pause.model === null || hit.model === null ? pause.model === hit.model : isSameModel(pause.model, hit.model);
}

/** The pause after one more hit; the same object when that is nothing new. */
export function withHit(pause: Pause, hit: LimitHit, timing: Timing): Pause {
  const { now } = timing;
  const isPast = pause.nextTryAt !== null && hit.at >= pause.nextTryAt;
  if (isPast) {
    // It was tried out, or should have reset: it is still there.
    const until = hit.resetsAt !== null && hit.resetsAt > now ? hit.resetsAt : null;
    const prolonged = { ...pause, until, tries: pause.tries + 1, reason: hit.reason, evidence: hit.evidence };
    const isOverdue = until === null && pause.until !== null;
    const tryAt = isOverdue ? now + OVERDUE_MS : nextTryAt(prolonged, hit, timing);
    return { ...prolonged, isInForce: true, nextTryAt: tryAt, updatedAt: now };
  }
  const isBetter = isBetterReset(pause, hit);
  const isCertain = !pause.isInForce && !hit.isGuess;
  if (!isBetter && !isCertain) return pause;
  const told = isBetter ? { until: hit.resetsAt, kind: hit.kind === "other" ? pause.kind : hit.kind } : {};
  const next = { ...pause, ...told, isInForce: pause.isInForce || !hit.isGuess, updatedAt: now };
  const { source, signal, reason, evidence } = hit;
  const known = isCertain ? { ...next, source, signal, reason, evidence } : next;
  return isBetter ? { ...known, nextTryAt: nextTryAt(known, hit, timing) } : known;
}

/** When it is tried out whether the limit is still there. */
function nextTryAt({ until, tries }: Pause, { isExact }: LimitHit, { now, jitterMs }: Timing): number {
  if (until !== null) return until + jitterMs + (isExact ? 0 : CUT_OFF_MS);
  return now + (BACKOFF_MS[tries] ?? BACKOFF_MS.at(-1) ?? OVERDUE_MS);
}

/** An exact reset beats one from words, and that of a longer limit one of a shorter. */
function isBetterReset(pause: Pause, { resetsAt, isExact, kind }: LimitHit): boolean {
  if (resetsAt === null || resetsAt === pause.until) return false;
  const isLonger = pause.until !== null && kind !== pause.kind && kind !== "other" && resetsAt > pause.until;
  return isExact || pause.until === null || isLonger;
}
