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

/** What is held: a launch, a session that a limit stopped, or one that has ended. */
export type HeldKind = "launch" | "stopped" | "ended";

/** How it comes to wait for the end of the pause: the person can choose that, it does already, or it cannot. */
export type Wait = "offered" | "already" | "impossible";

export interface HeldThing {
  readonly kind: HeldKind;
  readonly wait: Wait;
}

/** Says what is paused, until when, since when, and why we know; then what can be done. */
export function heldQuestion(pause: Pause, now: number, held: HeldThing): HeldQuestion {
  return {
    message: `${limitedName(pause)} is paused ${endWords(pause, now)}.`,
    detail: [visible(pause.reason), sinceWords(pause, now), waitWords(pause, held)].join("\n"),
  };
}

function endWords({ until, kind }: Pause, now: number): string {
  if (until === null) return kind === "manual" ? "until it is lifted" : "and nobody knows until when";
  const left = until > now ? `, for another ${lengthWords(until - now)}` : "; whether it has reset is being tried out";
  return `until ${clockTime(until, now)}${left}`;
}

function sinceWords({ kind, since, source, signal }: Pause, now: number): string {
  if (kind === "manual") return `Paused by hand since ${clockTime(since, now)}.`;
  return `Paused since ${clockTime(since, now)}; known from ${sourceWords[source]}${signal === null ? "" : ` (${signal})`}.`;
}

function waitWords(pause: Pause, { kind, wait }: HeldThing): string {
  const goesOn = kind === "launch" ? "starts" : "goes on";
  switch (wait) {
    case "offered":
      return `With "${whenOver(pause, kind)}" the session waits in the list, and ${goesOn} by itself.`;
    case "already":
      return `The session ${goesOn} by itself then.`;
    case "impossible":
      return kind === "ended"
        ? "The session has ended, so it does not go on by itself: resume it again then."
        : `The session does not go on by itself: resume it then.`;
  }
}

/** The button that lets it wait for the end of the pause. */
export function whenOver({ kind, until }: Pause, held: HeldKind): string {
  const verb = held === "launch" ? "Start" : "Resume";
  if (kind !== "manual") return `${verb} When It Resets`;
  return until === null ? `${verb} When It Is Lifted` : `${verb} When It Ends`;
}
