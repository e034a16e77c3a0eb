import type { Account, QuotaWindow } from "../../protocol/limits.ts";

/** Agents that are told "in n seconds" make a slightly different time of it each time. */
const SAME_RESET_MS = 2 * 60_000;

/**
 * The windows of which so much is used now that a person is to be warned, and was not before: each once until it resets.
 * @param before the account as it was; undefined when it was not known.
 * @param warnAtPercent 0: never.
 */
export function newlyWarned(before: Account | undefined, after: Account, warnAtPercent: number): QuotaWindow[] {
  if (warnAtPercent === 0) return [];
  return after.quotas.filter((quota) => {
    if (quota.usedPercent < warnAtPercent) return false;
    const old = before?.quotas.find(({ kind, model }) => kind === quota.kind && model === quota.model);
    return !old || old.usedPercent < warnAtPercent || isLaterWindow(old, quota);
  });
}

/** Whether it is a later window than it was. */
export function isLaterWindow(old: QuotaWindow, quota: QuotaWindow): boolean {
  if (quota.resetsAt === null || old.resetsAt === null) return false;
  return quota.resetsAt - old.resetsAt > SAME_RESET_MS;
}
