import { readResetTime, type ReadingTime } from "../../../protocol/reset-time.ts";
import type { LimitKind } from "../../../protocol/limits.ts";
import type { LimitReport } from "../reading.ts";

/** A message is a few lines; what is longer is something else. */
const MAX_CHARS = 1_000;

/**
 * What the readers of this folder are given is one whole message as an agent printed it, wrapped or not, or one line, and never a screen. A limit
 * begins the message, after `mark`, and is all of it but for hints that the agent is known to add: what is quoted, logged, talked of or
 * followed by other words is none.
 * @returns the message on one line, without its mark; null when it is too long for one. Agents write both kinds of apostrophe.
 */
export function wordsOf(message: string, mark: RegExp): string | null {
  if (message.length > MAX_CHARS) return null;
  return message.replace(/\s+/g, " ").trim().replace(mark, "").replaceAll("’", "'");
}

interface LimitWords {
  readonly kind: LimitKind;
  readonly model?: string | null;
  /** The agent's own words for the time, where it has any. */
  readonly reset: string | undefined;
}

/** A limit that was told in words. */
export function limitReport(text: string, { kind, model = null, reset }: LimitWords, when: ReadingTime): LimitReport {
  const resetsAt = reset === undefined ? null : readResetTime(reset, when);
  return { kind, model, resetsAt, isExact: false, text };
}

/** The groups of the first of these that is the whole text. */
export function firstMatch(
  text: string,
  shapes: readonly RegExp[],
): Readonly<Record<string, string | undefined>> | null {
  for (const shape of shapes) {
    const match = shape.exec(text);
    if (match !== null) return match.groups ?? {};
  }
  return null;
}
