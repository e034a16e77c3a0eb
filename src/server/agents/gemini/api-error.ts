import * as z from "zod";
import { parseJson } from "../../../protocol/json.ts";
import type { ReadingTime } from "../../../protocol/reset-time.ts";
import { readGeminiLimit } from "../limit-words/gemini.ts";
import type { LimitReport } from "../reading.ts";

/** An error of the model's API, in Gemini CLI's own words. */
export interface ApiError {
  /** For a person, a sentence. */
  readonly text: string;
  readonly limit: LimitReport | null;
  readonly isDaily: boolean;
}

const DAILY_QUOTA = "[API Error: You have exhausted your daily quota on this model.]";
/** Hints may follow it, on lines of their own. */
const API_ERROR = /^\[API Error: (.*)\]/s;

const bodySchema = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/** @returns null for what is no error of the API. */
export function readApiError(content: string, when: ReadingTime): ApiError | null {
  const [, what] = API_ERROR.exec(content) ?? [];
  if (what === undefined) return null;
  const message = bodySchema.safeParse(parseJson(what)).data?.error.message ?? what;
  const isDaily = content.startsWith(DAILY_QUOTA);
  // Without the hints that follow it.
  const told = readGeminiLimit(`[API Error: ${message}]`, when);
  if (told === null && !isDaily) {
    return { text: `The model's API answered with an error: ${message}`, limit: null, isDaily };
  }
  const text = isDaily ? "The daily quota of this model is used up." : message;
  const limit: LimitReport = { kind: "daily", model: null, resetsAt: null, isExact: false, text, ...told };
  return { text, limit, isDaily };
}
