import type { Account } from "../../../protocol/limits.ts";
import type { QuotaSample } from "../../../protocol/stats.ts";
import { groupBy } from "../../../presentation/group-by.ts";
import { windowOf } from "./usage-lines.ts";

/** What was told of each account's windows, by the account's id, the oldest first. */
export type UsageHistory = ReadonlyMap<string, readonly QuotaSample[]>;

export function historyOf(samples: readonly QuotaSample[]): UsageHistory {
  return groupBy(samples, ({ accountId }) => accountId);
}

const MINUTE_MS = 60_000;

/**
 * With what the accounts say now, where that is newer, as far back as `since`; of a minute the last is kept, as in the gateway. What has
 * nothing new stays the very same.
 */
export function withAccounts(history: UsageHistory, accounts: Iterable<Account>, since: number): UsageHistory {
  let result: Map<string, readonly QuotaSample[]> | null = null;
  for (const account of accounts) {
    const known = history.get(account.id) ?? [];
    const added = newSamples(known, account);
    if (added.length > 0)
      result = (result ?? new Map(history)).set(account.id, [...kept(known, added, since), ...added]);
  }
  return result ?? history;
}

/** Without what was over at `since`, and what the new ones take the place of. */
function kept(known: readonly QuotaSample[], added: readonly QuotaSample[], since: number): QuotaSample[] {
  const latest = new Map(known.filter(({ at }) => at <= since).map((sample) => [windowOf(sample), sample]));
  return known.filter(
    (sample) =>
      (sample.at > since || latest.get(windowOf(sample)) === sample) &&
      !added.some((next) => minuteOf(next) === minuteOf(sample) && windowOf(next) === windowOf(sample)),
  );
}

function minuteOf({ at }: QuotaSample): number {
  return Math.floor(at / MINUTE_MS);
}

function newSamples(known: readonly QuotaSample[], { id, quotas }: Account): QuotaSample[] {
  return quotas
    .filter(({ kind, model, at }) => {
      const last = known.findLast((sample) => sample.kind === kind && sample.model === model);
      return last === undefined || last.at < at;
    })
    .map(({ kind, model, usedPercent, resetsAt, at }) => ({ accountId: id, kind, model, usedPercent, resetsAt, at }));
}
