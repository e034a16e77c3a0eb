import type { Activity } from "../reading.ts";
import type { Message, OpencodeError, Part, Status } from "./payloads.ts";

/** What one moment of a session says, without where it was read. */
export interface Word {
  readonly activity: Activity;
  readonly text: string;
}

export const ready: Word = { activity: "idle", text: "It is ready for a prompt." };

/** opencode's names for limits that it knows. */
const limitReasons: ReadonlySet<string> = new Set(["free_tier_limit", "account_rate_limit"]);
/** Words of providers: a request that was merely too much at once is tried again within seconds, and says neither. */
const limitWords = /\b(?:usage limit|quota)\b/i;

/** What the error tool calls end with when the person refuses them, and with that the turn. A refusal with a message reads on, and so does the turn. */
const refusals: ReadonlySet<string> = new Set([
  "The user rejected permission to use this specific tool call.",
  "The user dismissed this question",
]);

/** What a session does that is not idle. */
export function wordOf(status: Exclude<Status, { type: "idle" }>): Word {
  if (status.type === "busy") return { activity: "working", text: "It is working." };
  const { message, action } = status;
  const isLimit = (action !== undefined && limitReasons.has(action.reason)) || limitWords.test(message);
  return isLimit
    ? { activity: "limited", text: message }
    : { activity: "working", text: `It tries again by itself: ${message}` };
}

export function wordOfError({ name, data }: OpencodeError): Word {
  if (name === "MessageAbortedError") return { activity: "interrupted", text: "Its turn was interrupted." };
  const message = data?.message ?? name;
  if (limitWords.test(message)) return { activity: "limited", text: message };
  return { activity: "failed", text: `Its turn ended in an error: ${message}` };
}

export function isRefusal(part: Extract<Part, { type: "tool" }>): boolean {
  return part.state.error !== undefined && refusals.has(part.state.error);
}

/** How a turn ended, from the last message of its session. @param isRefused whether the person refused a tool call in it. */
export function endOfTurn(last: Message | undefined, isRefused: boolean): Word {
  if (last?.role === "assistant" && last.error) return wordOfError(last.error);
  if (isRefused) return { activity: "interrupted", text: "It stopped, because you refused what it asked for." };
  return last ? { activity: "idle", text: "It has finished its turn." } : ready;
}
