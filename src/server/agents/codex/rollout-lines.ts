import * as z from "zod";
import { parseJson } from "../../../protocol/json.ts";
import { rateLimitsSchema } from "./limits.ts";

const textPart = z.looseObject({ text: z.string().optional() });

export const tokensSchema = z.looseObject({
  /** All of it, cached or not. */
  input_tokens: z.number().nonnegative(),
  cached_input_tokens: z.number().nonnegative().default(0),
  cache_write_input_tokens: z.number().nonnegative().default(0),
  /** With what was spent on reasoning. */
  output_tokens: z.number().nonnegative(),
});
export type Tokens = z.infer<typeof tokensSchema>;

/** A kind with details is an object; its name is what is asked for. */
const errorInfo = z.unknown().transform((info) => (typeof info === "string" ? info : null));
const turnError = z.looseObject({ message: z.string(), codex_error_info: errorInfo });
export type TurnError = z.infer<typeof turnError>;
const turnId = z.string().optional();

const itemSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("UserMessage"), content: z.array(textPart) }),
  z.looseObject({
    type: z.literal("CollabAgentToolCall"),
    tool: z.string(),
    prompt: z.string().nullish(),
    receiver_agents: z
      .array(z.looseObject({ thread_id: z.string(), agent_nickname: z.string().nullish() }))
      .default([]),
    /** By thread id. One with details is an object. */
    agents_states: z.record(z.string(), z.unknown()).default({}),
  }),
]);

/** Events that say how a turn goes. `turn_started` and `turn_complete` are other versions' names. */
const eventSchema = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.enum(["task_started", "turn_started"]),
    turn_id: turnId,
    collaboration_mode_kind: z.string().optional(),
  }),
  z.looseObject({
    type: z.enum(["task_complete", "turn_complete"]),
    turn_id: turnId,
    error: turnError.nullish(),
  }),
  z.looseObject({ type: z.literal("turn_aborted"), turn_id: turnId, reason: z.string() }),
  z.looseObject({ type: z.literal("item_completed"), turn_id: turnId, item: itemSchema }),
  /** Versions without `item_completed` write prompts so. */
  z.looseObject({ type: z.literal("user_message"), message: z.string() }),
  z.looseObject({
    type: z.literal("token_count"),
    info: z.looseObject({ total_token_usage: tokensSchema }).nullish(),
    rate_limits: rateLimitsSchema.nullish().catch(null),
  }),
]);

/** What the model sent, and what was sent to it. */
const responseItemSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("function_call"), call_id: z.string(), name: z.string(), arguments: z.string() }),
  z.looseObject({ type: z.literal("custom_tool_call"), call_id: z.string(), name: z.string(), input: z.string() }),
  z.looseObject({ type: z.enum(["function_call_output", "custom_tool_call_output"]), call_id: z.string() }),
  z.looseObject({
    type: z.literal("message"),
    content: z.array(textPart),
    /** Says who wrote a message in the person's place; the model and the person cannot write here. */
    internal_chat_message_metadata_passthrough: z
      .looseObject({ content_item_kinds: z.array(z.string()).default([]) })
      .nullish(),
  }),
]);

const lineSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("event_msg"), payload: eventSchema }),
  z.looseObject({ type: z.literal("response_item"), payload: responseItemSchema }),
  z.looseObject({
    type: z.literal("turn_context"),
    payload: z.looseObject({ turn_id: turnId, model: z.string().optional() }),
  }),
  z.looseObject({
    type: z.literal("token_usage_record"),
    payload: z.looseObject({ turn_id: z.string(), turn_token_usage: tokensSchema }),
  }),
]);
export type RolloutEvent = z.infer<typeof eventSchema>;
export type RolloutItem = z.infer<typeof itemSchema>;
export type ResponseItem = z.infer<typeof responseItemSchema>;

export type RolloutLine = z.infer<typeof lineSchema> & { readonly at: number };

const stampSchema = z.looseObject({ timestamp: z.iso.datetime() });

/** One line of a rollout, the transcript that Codex keeps; null for what tells nothing of interest. */
export function readRolloutLine(value: unknown): RolloutLine | null {
  const line = lineSchema.safeParse(value).data;
  const stamp = stampSchema.safeParse(value).data;
  return line && stamp ? { ...line, at: Date.parse(stamp.timestamp) } : null;
}

const notificationSchema = z.looseObject({ agent_path: z.string(), status: z.unknown() });

/** Which sub-agent has come to its end, when this message is Codex's notice of it. */
export function endedSubagent(message: Extract<ResponseItem, { type: "message" }>): string | null {
  const kinds = message.internal_chat_message_metadata_passthrough?.content_item_kinds ?? [];
  if (!kinds.includes("multi_agent.subagent_notification")) return null;
  const text = message.content.map((part) => part.text ?? "").join("");
  const [, json = ""] = /^<subagent_notification>\s*(\{.*\})\s*<\/subagent_notification>$/s.exec(text) ?? [];
  const notification = notificationSchema.safeParse(parseJson(json)).data;
  return notification && !isAtWork(notification.status) ? notification.agent_path : null;
}

/** Whether a sub-agent's state says that it has not come to its end. */
export function isAtWork(state: unknown): boolean {
  return state === "pending_init" || state === "running";
}
