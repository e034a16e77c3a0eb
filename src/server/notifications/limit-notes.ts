import { basename } from "node:path";
import type { Session } from "../../protocol/entities.ts";
import type { Account, Pause, QuotaWindow } from "../../protocol/limits.ts";
import { oneLine } from "../../protocol/visible.ts";
import { limitWords, localTime } from "../limits/pause-words.ts";
import type { DesktopNote } from "./note.ts";

const MAX_NAME = 40;
const MAX_BODY = 160;

/** What has become of the sessions that a pause stopped. */
export interface Outcome {
  readonly resumed: number;
  /** Launches that it held. */
  readonly started: number;
  /** Why each of the others does not go on by itself. */
  readonly notResumed: readonly string[];
  /** Those that still are to be brought back. */
  readonly open: number;
}

/** What the desktop says when a pause begins. @param sessions how many go on by themselves when it ends */
export function pauseBegunNote(pause: Pause, sessions: number, now: number): DesktopNote {
  const label = oneLine(pause.label, MAX_NAME);
  return {
    title: pause.kind === "manual" ? `${label} is paused` : `${label}: ${limitOf(pause)}`,
    body: pausedWords(pause, sessions, now),
  };
}

/** What it says when the limit was tried out and is still there. @param sessions how many go on by themselves when it ends */
export function pauseProlongedNote(pause: Pause, sessions: number, now: number): DesktopNote {
  const title = `${oneLine(pause.label, MAX_NAME)}: the ${limitOf(pause)} is still there`;
  return { title, body: pausedWords(pause, sessions, now) };
}

function pausedWords(pause: Pause, sessions: number, now: number): string {
  const goOn = sessions === 0 ? "" : `; ${counted(sessions)} ${sessions === 1 ? "goes" : "go"} on then`;
  return `Paused until ${untilWords(pause, now)}${goOn}.`;
}

/** What the desktop says when a pause has ended. */
export function pauseEndedNote(pause: Pause, { resumed, started, notResumed, open }: Outcome): DesktopNote {
  const reasons = [...new Set(notResumed)].join(" ");
  const parts = [
    resumed > 0 && `${counted(resumed)} resumed.`,
    started > 0 && `${counted(started)} started.`,
    open > 0 && (resumed + started > 0 ? `${open} still to come.` : `${counted(open)} to come.`),
    notResumed.length > 0 && `${notResumed.length} not resumed: ${reasons}`,
  ].filter((part) => part !== false);
  const nothing = pause.kind === "manual" ? "The pause is over." : `The ${limitOf(pause)} holds nothing any more.`;
  return {
    title: `${oneLine(pause.label, MAX_NAME)} goes on`,
    body: oneLine(parts.join(" ") || nothing, MAX_BODY),
  };
}

/** What the desktop says of sessions that only a person can go on with; there is at least one. */
export function canGoOnNote(sessions: readonly (Pick<Session, "cwd"> & { readonly label: string })[]): DesktopNote {
  const names = sessions.map(({ label, cwd }) => `${oneLine(label, MAX_NAME)} in ${oneLine(basename(cwd), MAX_NAME)}`);
  const [first] = names;
  if (names.length === 1 && first !== undefined) return { title: `${first} can go on`, body: "Its limit has reset." };
  return {
    title: `${sessions.length} sessions can go on`,
    body: oneLine(`Their limit has reset: ${names.join(", ")}`, MAX_BODY),
  };
}

/** What the desktop says when much of a quota is used; there is at least one window. */
export function usageNote({ label }: Account, windows: readonly QuotaWindow[], now: number): DesktopNote {
  const name = oneLine(label, MAX_NAME);
  const [first] = windows;
  if (windows.length === 1 && first) {
    return { title: `${name}: ${usedWords(first)}`, body: resetWords(first, now) };
  }
  const body = windows.map((window) => `${usedWords(window)}. ${resetWords(window, now)}`).join(" ");
  return { title: `${name}: ${windows.length} limits are near`, body: oneLine(body, MAX_BODY) };
}

/** The name of a model is the agent's word. */
function limitOf(limit: Parameters<typeof limitWords>[0]): string {
  return oneLine(limitWords(limit), MAX_NAME);
}

function usedWords(window: QuotaWindow): string {
  return `${Math.floor(window.usedPercent)}% of the ${limitOf(window)} used`;
}

function resetWords({ resetsAt, fullAt }: QuotaWindow, now: number): string {
  const reset = resetsAt === null ? "Nobody knows when it resets." : `It resets: ${localTime(resetsAt, now)}.`;
  return fullAt === null ? reset : `At this pace it is used up at ${localTime(fullAt, now)}. ${reset}`;
}

function untilWords({ until, kind }: Pause, now: number): string {
  if (until !== null) return localTime(until, now);
  return kind === "manual" ? "it is lifted" : "it resets, and nobody knows when";
}

function counted(sessions: number): string {
  return sessions === 1 ? "1 session" : `${sessions} sessions`;
}
