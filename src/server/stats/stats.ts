import { TallyError } from "../../protocol/errors.ts";
import type { RouteQuery, RouteResult } from "../../protocol/routes.ts";
import { type DayStats, QUOTAS_KEPT_DAYS, STATS_KEPT_DAYS, TIMELINE_KEPT_DAYS } from "../../protocol/stats.ts";
import { isTimeZone } from "../../protocol/wall-clock.ts";
import type { WorkFilter, WorkRow } from "../store/time-series.ts";
import type { Store } from "../store/store.ts";
import { type LocalDay, localDays, startOfDay } from "./local-days.ts";

const DAY_MS = 24 * 3_600_000;
/** Where nobody says since when, with today. */
const USUAL_DAYS = 30;

export interface StatsOptions {
  readonly store: Pick<Store, "workBetween" | "timelines" | "quotaSamples">;
  readonly now: () => number;
  /** Of this machine. */
  readonly timeZone: string;
}

/** What happened over time. */
export class Stats {
  readonly #options: StatsOptions;

  constructor(options: StatsOptions) {
    this.#options = options;
  }

  /** What was done day by day; the day that `since` is in counts as a whole. @throws {TallyError} `invalid-request` for a time zone that is none */
  days({ since, timeZone: asked, ...filter }: RouteQuery<"stats">): RouteResult<"stats"> {
    const { now, timeZone: own } = this.#options;
    const timeZone = asked ?? own;
    if (!isTimeZone(timeZone)) throw noSuchZone(timeZone);
    const from = since ?? startOfDay(now(), timeZone, USUAL_DAYS - 1);
    const days = localDays(this.#notBefore(STATS_KEPT_DAYS, from), now(), timeZone);
    return { days: days.flatMap((day) => this.#workOf(day, filter)), timeZone };
  }

  timeline({ since: asked }: RouteQuery<"timeline">): RouteResult<"timeline"> {
    const since = this.#notBefore(TIMELINE_KEPT_DAYS, asked);
    return { sessions: this.#options.store.timelines(since), since };
  }

  quotas({ since, accountId }: RouteQuery<"quotaHistory">): RouteResult<"quotaHistory"> {
    return { samples: this.#options.store.quotaSamples(this.#notBefore(QUOTAS_KEPT_DAYS, since), accountId) };
  }

  #workOf({ day, startsAt, endsAt }: LocalDay, filter: WorkFilter): DayStats[] {
    const rows = this.#options.store.workBetween(startsAt, endsAt, filter);
    return rows.map((row) => dayStats(row, day, startsAt)).filter(hasWork);
  }

  /** What is older may be there still, until it is swept out. */
  #notBefore(keptDays: number, since: number): number {
    return Math.max(since, this.#options.now() - keptDays * DAY_MS);
  }
}

/** What was taken back on a later day than it was counted on is no work of less than nothing. */
function dayStats({ agent, projectId, costUsd, ...work }: WorkRow, day: string, startsAt: number): DayStats {
  const count = (of: keyof typeof work) => Math.max(0, work[of]);
  return {
    ...{ day, startsAt, agent, projectId },
    ...{ done: count("done"), failed: count("failed"), cancelled: count("cancelled") },
    executionMs: count("executionMs"),
    usage: {
      inputTokens: count("inputTokens"),
      outputTokens: count("outputTokens"),
      cacheReadTokens: count("cacheReadTokens"),
      cacheWriteTokens: count("cacheWriteTokens"),
      costUsd: costUsd === null ? null : exact(Math.max(0, costUsd)),
    },
  };
}

/** Sums of fractions of a dollar, without what binary fractions add to them. */
function exact(usd: number): number {
  return Number(usd.toFixed(9));
}

function hasWork({ done, failed, cancelled, executionMs, usage }: DayStats): boolean {
  return [done, failed, cancelled, executionMs, ...Object.values(usage)].some(
    (number) => number !== null && number > 0,
  );
}

function noSuchZone(timeZone: string): TallyError {
  return new TallyError(
    "invalid-request",
    `"${timeZone}" is no time zone. Write it as Europe/Berlin, America/New_York or UTC.`,
  );
}
