import type { LimitKind, Pause } from "../../protocol/limits.ts";

const kindWords: Record<LimitKind, string> = {
  "five-hour": "5-hour limit",
  weekly: "weekly limit",
  daily: "daily limit",
  model: "limit",
  manual: "pause",
  other: "usage limit",
};

/** "5-hour limit", "Opus limit" */
export function limitWords({ kind, model }: Pick<Pause, "kind" | "model">): string {
  const words = kindWords[kind];
  return model === null ? words : `${model} ${words}`;
}

/** Why a launch is held, for somebody of whom only the words are known. */
export function pausedMessage(pause: Pause, now: number): string {
  const why = pause.kind === "manual" ? pause.reason : `It has hit its ${limitWords(pause)}.`;
  return `${pause.label} is paused${untilWords(pause, now)}. ${why}`;
}

/** Why a session has not been started. */
export function heldText(pause: Pause, now: number): string {
  return pause.until === null
    ? `It is held: ${pause.label} is paused${untilWords(pause, now)}.`
    : `It is held until ${localTime(pause.until, now)}: ${pause.label} is paused.`;
}

function untilWords({ until, kind }: Pause, now: number): string {
  if (until !== null) return `, until ${localTime(until, now)}`;
  return kind === "manual" ? " until somebody lifts the pause" : ", and nobody knows until when";
}

/** "15:00", and on another day with its date. */
export function localTime(at: number, now: number): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short" })} ${time}`;
}
