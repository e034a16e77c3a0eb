import type { Pause } from "../protocol/limits.ts";
import { visible } from "../protocol/visible.ts";
import { clockTime, lengthWords } from "./limit-times.ts";
import { limitedName } from "./limit-words.ts";
import { sourceWords } from "./wording.ts";

/** A question about something that a pause holds. */
export interface HeldQuestion {
  readonly message: string;
  readonly detail: string;
}

/** Says what is paused, until when, since when, and why we know; then what can be done. */
export function heldQuestion(pause: Pause, now: number, isResume: boolean): HeldQuestion {
  const signal = pause.signal === null ? "" : ` (${pause.signal})`;
  const held = isResume ? "goes on" : "starts";
  return {
    message: `${limitedName(pause)} is paused ${endWords(pause, now)}.`,
    detail: [
      visible(pause.reason),
      `Paused since ${clockTime(pause.since, now)}; known from ${sourceWords[pause.source]}${signal}.`,
      `With "${whenOver(pause, isResume)}" the session waits in the list, and ${held} by itself.`,
    ].join("\n"),
  };
}

function endWords({ until, kind }: Pause, now: number): string {
  if (until === null) return kind === "manual" ? "until you lift that" : "and nobody knows until when";
  const left = until > now ? `, for another ${lengthWords(until - now)}` : "; whether it has reset is being tried out";
  return `until ${clockTime(until, now)}${left}`;
}

/** The button that lets it wait for the end of the pause. */
export function whenOver({ kind, until }: Pause, isResume: boolean): string {
  const verb = isResume ? "Resume" : "Start";
  return kind === "manual" && until === null ? `${verb} When It Is Lifted` : `${verb} When It Resets`;
}
