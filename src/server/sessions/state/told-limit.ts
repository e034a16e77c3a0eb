import type { Signal } from "../../agents/reading.ts";
import type { ToldLimit } from "./tracking.ts";

/** For clocks that differ a little, and words that come late. */
const SAME_MOMENT_MS = 2_000;

/** The limit that has stopped the agent, with what a signal tells of it; the same object when that is nothing new. */
export function learnLimit(limit: ToldLimit | null, { reading, at }: Signal): ToldLimit | null {
  if (reading.type === "activity" && reading.activity === "working") {
    return limit && at > limit.at + SAME_MOMENT_MS ? null : limit;
  }
  if (reading.type !== "limit") return limit;
  const { kind, model, resetsAt, isExact, text, isGuess = false } = reading.limit;
  if (!limit) return { kind, model, resetsAt, isExact, isGuess, text, at };
  if ((limit.isExact && !isExact) || (!limit.isGuess && isGuess)) return limit;
  const told = {
    kind: kind === "other" ? limit.kind : kind,
    model: model ?? limit.model,
    resetsAt: resetsAt ?? limit.resetsAt,
    isExact,
    isGuess,
    text,
    at: Math.max(at, limit.at),
  };
  const isSame = told.kind === limit.kind && told.model === limit.model && told.resetsAt === limit.resetsAt;
  return isSame && told.isExact === limit.isExact && isGuess === limit.isGuess ? limit : told;
}

/** Whether a signal tells of a limit that stopped an earlier process of the session: files are read from their start. */
export function isOfEarlierLaunch({ reading, at }: Signal, launchedAt: number): boolean {
  const isLimit = reading.type === "limit" || (reading.type === "activity" && reading.activity === "limited");
  return isLimit && at < launchedAt - SAME_MOMENT_MS;
}
