import { isHolding, type LimitKind, type Pause } from "../../protocol/limits.ts";
import { oneLine } from "./request-text.ts";
import { clockWords, countdownWords, momentWords, type TimeSense } from "./time-words.ts";

/** What a limit is called, as it stands in a table. */
export const limitWords: Record<LimitKind, string> = {
  "five-hour": "5-hour",
  weekly: "weekly",
  daily: "daily",
  model: "model",
  manual: "by hand",
  other: "limit",
};

/** What is paused: `Claude Code`, `Claude Code, model Opus`. */
export function pausedWhat({ label, model }: Pick<Pause, "label" | "model">): string {
  return model === null ? oneLine(label) : `${oneLine(label)}, model ${oneLine(model)}`;
}

/** `until 15:00, in 2 h`, and where nobody knows, when Tally tries again or what ends it. */
export function untilWords(pause: Pick<Pause, "until" | "nextTryAt" | "kind">, time: TimeSense): string {
  const { until, nextTryAt, kind } = pause;
  if (until !== null && until > time.nowMs) return `until ${momentWords(until, time)}`;
  if (until !== null) {
    const reset = `was to reset at ${clockWords(until, time)}`;
    return nextTryAt !== null && nextTryAt > time.nowMs ? `${reset}; ${tryWords(nextTryAt, time)}` : reset;
  }
  if (kind === "manual") return "until it is lifted";
  return `nobody knows until when${nextTryAt === null ? "" : `; ${tryWords(nextTryAt, time)}`}`;
}

function tryWords(nextTryAt: number, time: TimeSense): string {
  return `Tally tries again at ${clockWords(nextTryAt, time)}, ${countdownWords(nextTryAt, time.nowMs)}`;
}

/** What said so: `StopFailure hook`; null when a person began it, which the reason tells. */
export function pauseSource({ signal, source }: Pick<Pause, "signal" | "source">): string | null {
  if (signal !== null) return oneLine(signal);
  return source === "person" ? null : source;
}

/** One line: what, until when and why. One that holds nothing says what it is. */
export function pauseLine(pause: Pause, time: TimeSense): string {
  const words = `${pausedWhat(pause)}: ${untilWords(pause, time)} · ${oneLine(pause.reason)}`;
  if (pause.endedAt === null && !isHolding(pause)) return `${words} (looks like a limit; it holds nothing)`;
  return words;
}
