import { readDuration } from "../../../protocol/duration.ts";
import type { ReadingTime } from "../../../protocol/reset-time.ts";
import type { LimitReport } from "../reading.ts";
import { firstMatch, limitReport, wordsOf } from "./words.ts";

const MARK = /^[✕✖⚡] ?/u;
/** A message that comes from the service stands in brackets. */
const API_ERROR = /^\[API Error: (.*)\]$/;

/** What it tells the person to do. */
const HINTS = String.raw`(?: \/(?:stats|model|auth)\b.*)?`;
/** "3:04 PM PDT", "9:00 AM GMT+1" */
const TIME = String.raw`(?<at>\d{1,2}:\d{2} [AP]M(?: [A-Z]{3,4}(?:[+-][\d:]+)?)?)`;

const shapes = {
  dialog: new RegExp(
    `^Usage limit reached for (?:all (?<family>Pro) models|(?<model>[\\w.-]+))\\.(?: Access resets at ${TIME}\\.)?${HINTS}$`,
  ),
  daily:
    /^You have (?:exhausted your daily quota on this model|reached your daily (?:(?<model>gemini-[\w.-]+) )?quota limit)\.(?:[ ⚡]*You can choose\b.*)?$/u,
  capacity:
    /^You have exhausted your capacity on this model\.(?: Your quota will reset after (?<after>[\dhms.]+?)\.)?$/,
  service:
    /^Quota exceeded for quota metric '(?<model>Gemini .+?) Requests' and limit '[^']+ per day\b[^']*' of service '[^']+' for consumer '[^']+'\.$/,
} as const;

/** Gemini CLI retries what is shorter than this by itself. */
const SHORTEST_MS = 5 * 60_000;

/** Limits of Gemini CLI. */
export function readGeminiLimit(text: string, when: ReadingTime): LimitReport | null {
  const line = wordsOf(text, MARK);
  if (line === null) return null;
  const words = API_ERROR.exec(line)?.[1] ?? line;
  const dialog = firstMatch(words, [shapes.dialog]);
  if (dialog !== null) {
    const model = dialog["family"] ?? dialog["model"] ?? null;
    return limitReport(words, { kind: "model", model, reset: dialog["at"] }, when);
  }
  const daily = firstMatch(words, [shapes.daily, shapes.service]);
  if (daily !== null)
    return limitReport(words, { kind: "daily", model: daily["model"] ?? null, reset: undefined }, when);
  const capacity = firstMatch(words, [shapes.capacity]);
  if (capacity === null) return null;
  const after = capacity["after"];
  const isShort = after !== undefined && (readDuration(after) ?? 0) <= SHORTEST_MS;
  return isShort ? null : limitReport(words, { kind: "other", reset: after }, when);
}
