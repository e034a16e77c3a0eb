import * as z from "zod";
import { parseJson } from "../../../protocol/json.ts";
import { tokensSchema } from "./rollout-lines.ts";

/** What it does, or says; `id` is the same when it begins and when it is over. */
const itemSchema = z.discriminatedUnion("type", [
  z.looseObject({ id: z.string(), type: z.literal("agent_message"), text: z.string() }),
  z.looseObject({
    id: z.string(),
    type: z.literal("command_execution"),
    /** As the shell was given it. */
    command: z.string(),
    aggregated_output: z.string().default(""),
    exit_code: z.number().nullish(),
    status: z.string(),
  }),
  z.looseObject({
    id: z.string(),
    type: z.literal("file_change"),
    changes: z.array(z.looseObject({ path: z.string(), kind: z.string() })),
    status: z.string(),
  }),
  z.looseObject({
    id: z.string(),
    type: z.literal("mcp_tool_call"),
    server: z.string(),
    tool: z.string(),
    error: z.looseObject({ message: z.string() }).nullish(),
    status: z.string(),
  }),
  z.looseObject({ id: z.string(), type: z.literal("web_search"), query: z.string() }),
  z.looseObject({
    id: z.string(),
    type: z.literal("collab_tool_call"),
    tool: z.string(),
    prompt: z.string().nullish(),
  }),
  /** It goes on in spite of it. */
  z.looseObject({ id: z.string(), type: z.literal("error"), message: z.string() }),
]);
export type HeadlessItem = z.infer<typeof itemSchema>;

const eventSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("thread.started"), thread_id: z.string() }),
  z.looseObject({ type: z.literal("turn.started") }),
  /** Of the conversation, with what other processes did in it. */
  z.looseObject({ type: z.literal("turn.completed"), usage: tokensSchema }),
  z.looseObject({ type: z.literal("turn.failed"), error: z.looseObject({ message: z.string() }) }),
  z.looseObject({ type: z.enum(["item.started", "item.completed"]), item: itemSchema }),
  z.looseObject({ type: z.literal("error"), message: z.string() }),
]);
export type HeadlessEvent = z.infer<typeof eventSchema>;

/** One line of `codex exec --json`; undefined for what tells nothing of interest. */
export function readHeadlessEvent(text: string): HeadlessEvent | undefined {
  return eventSchema.safeParse(parseJson(text)).data;
}

const apiErrorSchema = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/** An error's words; an API's is passed on as the JSON that it was. */
export function plainMessage(message: string): string {
  return apiErrorSchema.safeParse(parseJson(message)).data?.error.message ?? message;
}
