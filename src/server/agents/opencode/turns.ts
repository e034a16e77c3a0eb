import type { ReadingTime } from "../../../protocol/reset-time.ts";
import type { Activity, LimitReport } from "../reading.ts";
import { limitOfError, limitOfRetry } from "./limits.ts";
import type { Message, OpencodeError, Part, Status } from "./payloads.ts";

/** What one moment of a session says, without where it was read. */
export interface Word {
  readonly activity: Activity;
  readonly text: string;
  /** Goes with `limited`. */
  readonly limit?: { readonly report: LimitReport; readonly at: number };
}

export const ready: Word = { activity: "idle", text: "It is ready for a prompt." };

/** What the error tool calls end with when the person refuses them, and with that the turn. A refusal with a message reads on, and so does the turn. */
const refusals: ReadonlySet<string> = new Set([
  "The user rejected permission to use this specific tool call.",
  "The user dismissed this question",
]);

/** What a session does that is not idle. @param saidAt when it was so first; null when that is not known. */
export function wordOf(status: Exclude<Status, { type: "idle" }>, saidAt: number | null, when: ReadingTime): Word {
  if (status.type === "busy") return { activity: "working", text: "It is working." };
  const { message } = status;
  const report = limitOfRetry(status, saidAt, when);
  return report
    ? { activity: "limited", text: message, limit: { report, at: saidAt ?? when.now } }
    : { activity: "working", text: `It tries again by itself: ${message}` };
}

/** @param when the turn ended. */
export function wordOfError(error: OpencodeError, when: ReadingTime): Word {
  const { name, data } = error;
  if (name === "MessageAbortedError") return { activity: "interrupted", text: "Its turn was interrupted." };
  const message = data?.message ?? name;
  const report = limitOfError(error, when);
  if (report) return { activity: "limited", text: message, limit: { report, at: when.now } };
  return { activity: "failed", text: `Its turn ended in an error: ${message}` };
}

export function isRefusal(part: Extract<Part, { type: "tool" }>): boolean {
  return part.state.error !== undefined && refusals.has(part.state.error);
}

/** How a turn ended, from the last message of its session. @param isRefused whether the person refused a tool call in it. */
export function endOfTurn(last: Message | undefined, isRefused: boolean, timeZone: string): Word {
  if (last?.role === "assistant" && last.error) {
    return wordOfError(last.error, { now: last.time.completed ?? last.time.created, timeZone });
  }
  if (isRefused) return { activity: "interrupted", text: "It stopped, because you refused what it asked for." };
  return last ? { activity: "idle", text: "It has finished its turn." } : ready;
}
