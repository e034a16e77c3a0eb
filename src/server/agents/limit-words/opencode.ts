import { readDuration } from "../../../protocol/duration.ts";
import type { LimitKind } from "../../../protocol/limits.ts";
import type { ReadingTime } from "../../../protocol/reset-time.ts";
import type { LimitReport } from "../reading.ts";
import { firstMatch, limitReport, wordsOf } from "./words.ts";

/** Its progress bar. */
const MARK = /^[⬝■]+ /u;

/** What follows a message while it retries: "[retrying in 6h 16m attempt #1]", before 1.18.16 "retrying in 6h16m - attempt #1". */
const RETRYING =
  /^(?<message>.+?)(?: \(click to expand\))?(?: \[retrying (?:in (?<in>[^\]]+) )?attempt #\d+\]| retrying in (?<before>\S+(?: \d+m)?) - attempt #\d+)(?: esc interrupt)?$/;

/** The row of the screen shows 80 characters of a message. */
const OFFER = String.raw`(?: To continue using this model now,.*| [^.]{0,60}…)?`;

/** Messages of its own service, and of others that it passes on. */
const shapes = [
  new RegExp(
    `^(?:(?<name>[\\w-]+) )?[Uu]sage limit reached\\. It will reset in ?(?:(?<under>less than a minute)|(?<in>[\\w ]+?))?\\.${OFFER}$`,
  ),
  /^Free usage exceeded, (?:subscribe to Go|add credits https:\/\/opencode\.ai\/zen)\.?$/,
  /^The usage limit has been reached\.?$/,
  /^You have reached your usage limit\.?$/,
];

/** These are said of a limit by the minute as well: it is a usage limit where the service lets it wait long. */
const vagueShapes = [
  /^Too Many Requests: quota exceeded$/,
  /^This request would exceed your account's rate limit\. Please try again later\.$/,
];
const SHORTEST_MS = 5 * 60_000;

/** Limits of opencode, with or without the row that says when it retries. */
export function readOpencodeLimit(text: string, when: ReadingTime): LimitReport | null {
  const words = wordsOf(text, MARK);
  if (words === null) return null;
  const retrying = RETRYING.exec(words)?.groups;
  const message = retrying?.["message"] ?? words;
  const wait = longWait(retrying?.["in"] ?? retrying?.["before"]);
  const found = firstMatch(message, wait === undefined ? shapes : [...shapes, ...vagueShapes]);
  if (found === null) return null;
  const told = found["under"] === undefined ? found["in"] : "1 minute";
  return limitReport(message, { kind: kindOf(found["name"]), reset: told ?? wait }, when);
}

/** When it tries again soon, that is no word on when the limit resets. */
function longWait(retry: string | undefined): string | undefined {
  const ms = retry === undefined ? null : readDuration(retry.replace(/^~/, ""));
  return ms !== null && ms > SHORTEST_MS ? retry : undefined;
}

function kindOf(name: string | undefined): LimitKind {
  switch (name?.toLowerCase()) {
    case "5-hour":
    case "5h":
      return "five-hour";
    case "weekly":
      return "weekly";
    case "daily":
      return "daily";
    default:
      return "other";
  }
}
