import type { ProgramStatus } from "../../protocol/ptyhost.ts";
import type { Activity, TimedReading } from "./reading.ts";

const activities: Record<Exclude<ProgramStatus["state"], "clear">, Activity> = {
  working: "working",
  blocked: "waiting",
  idle: "idle",
  done: "idle",
  error: "failed",
};

const words: Record<Activity, string> = {
  working: "is working",
  waiting: "waits for you",
  idle: "has finished its turn",
  interrupted: "was interrupted",
  failed: "reports an error",
  limited: "has hit a usage limit",
};

/** What an OSC 7501 says, as the protocol defines it. `clear` says nothing. */
export function readProgramStatus(status: ProgramStatus): readonly TimedReading[] {
  if (status.state === "clear") return [];
  const activity = activities[status.state];
  const what = `${status.app ?? "It"} ${words[activity]}`;
  const text = status.message ? `${what}: ${status.message}` : `${what}.`;
  return [{ type: "activity", activity, text, signal: `OSC 7501: ${status.state}` }];
}
