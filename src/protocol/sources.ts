import * as z from "zod";

/** Where knowledge of an agent comes from: what it reports, what it shows, and what is known without it. */
export const reasonSourceSchema = z.enum([
  "hook",
  "event-stream",
  "state-file",
  "transcript",
  "program-status",
  "title",
  "progress",
  "notification",
  "shell-prompt",
  "screen",
  "process",
  "gateway",
  "person",
]);
export type ReasonSource = z.infer<typeof reasonSourceSchema>;
