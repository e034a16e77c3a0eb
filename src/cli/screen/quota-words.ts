import type { QuotaWindow } from "../../protocol/limits.ts";
import { limitWords } from "./pause-words.ts";
import { oneLine } from "./request-text.ts";
import type { StyleName } from "./style.ts";
import { clockWords, momentWords, type TimeSense } from "./time-words.ts";

/** A window's name: `5-hour`, `weekly Opus`. */
export function windowName({ kind, model }: Pick<QuotaWindow, "kind" | "model">): string {
  if (model === null) return limitWords[kind];
  return kind === "model" ? oneLine(model) : `${limitWords[kind]} ${oneLine(model)}`;
}

/** Its reset has come since the agent told of it: nobody knows how much is used now. */
export function hasReset({ resetsAt }: Pick<QuotaWindow, "resetsAt">, { nowMs }: TimeSense): boolean {
  return resetsAt !== null && resetsAt <= nowMs;
}

/** Empty where it is not known any more. */
export function percentWords(window: QuotaWindow, time: TimeSense): string {
  return hasReset(window, time) ? "" : `${Math.round(window.usedPercent)}%`;
}

/** `resets 15:00, in 2 h`. */
export function resetWords(window: QuotaWindow, time: TimeSense): string {
  const { resetsAt } = window;
  if (resetsAt === null) return "";
  return hasReset(window, time)
    ? `not known since it reset at ${clockWords(resetsAt, time)}`
    : `resets ${momentWords(resetsAt, time)}`;
}

/** `at this pace full at 14:20`; empty where that is not to be expected. */
export function forecastWords(window: QuotaWindow, time: TimeSense): string {
  const { fullAt } = window;
  if (fullAt === null || hasReset(window, time) || window.usedPercent >= 100) return "";
  return `at this pace full at ${clockWords(fullAt, time)}`;
}

/** @param warnAtPercent 0: there is nothing to warn of. */
export function quotaStyle(window: QuotaWindow, warnAtPercent: number, time: TimeSense): StyleName {
  if (hasReset(window, time)) return "dim";
  if (window.usedPercent >= 100) return "red";
  return warnAtPercent > 0 && window.usedPercent >= warnAtPercent ? "yellow" : "green";
}
