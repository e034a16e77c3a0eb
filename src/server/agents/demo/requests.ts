import * as z from "zod";
import type { TimedReading } from "../reading.ts";

/** What the demo agent hands over when it asks (src/demo/asked-elsewhere.ts). */
const questionSchema = z.object({
  id: z.string(),
  kind: z.enum(["permission", "question"]),
  text: z.string(),
  command: z.string().nullable(),
  options: z.array(z.string()),
});

/** What the demo agent asks of the person. */
export function readQuestion(payload: unknown): readonly TimedReading[] {
  const { data } = questionSchema.safeParse(payload);
  if (!data) return [];
  const { id, kind, text, command, options } = data;
  const choices = options.map((label) => ({ label, description: null }));
  const questions = kind === "question" ? [{ text, header: null, options: choices, multiSelect: false }] : [];
  const request = { id, kind, title: text, detail: command ?? "", questions };
  return [{ type: "request", request, signal: "its question" }];
}
