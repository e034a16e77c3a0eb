import * as z from "zod";
import { parseJson } from "../../../protocol/json.ts";
import { quotaLimitsSchema } from "./limits.ts";

const tokens = z.number().nonnegative().default(0);

const usageSchema = z.looseObject({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_creation_input_tokens: tokens,
  cache_read_input_tokens: tokens,
});
export type MessageUsage = z.infer<typeof usageSchema>;

const modelUsageSchema = z.record(
  z.string(),
  z.looseObject({
    inputTokens: tokens,
    outputTokens: tokens,
    cacheReadInputTokens: tokens,
    cacheCreationInputTokens: tokens,
    costUSD: tokens,
  }),
);
export type ModelUsage = z.infer<typeof modelUsageSchema>;

const contentBlock = z.union([
  z.looseObject({ type: z.literal("text"), text: z.string() }),
  z.looseObject({ type: z.literal("tool_use"), name: z.string(), input: z.record(z.string(), z.unknown()) }),
  // Thinking, and what later versions may have.
  z.looseObject({ type: z.string() }).transform(() => null),
]);

/** Set where a sub-agent speaks. */
const parent_tool_use_id = z.string().nullish();

const assistantSchema = z.looseObject({
  type: z.literal("assistant"),
  message: z.looseObject({
    id: z.string(),
    model: z.string(),
    content: z.array(contentBlock).default([]),
    usage: usageSchema,
  }),
  parent_tool_use_id,
  subagent_type: z.string().optional(),
  /** Claude Code's word for the kind of error, where this is one. */
  error: z.string().optional(),
});

const toolResult = z.looseObject({
  type: z.literal("tool_result"),
  content: z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).default(""),
  is_error: z.boolean().nullish(),
});

const userSchema = z.looseObject({
  type: z.literal("user"),
  message: z.looseObject({
    content: z.union([
      z.string().transform(() => []),
      z.array(z.union([toolResult, z.unknown().transform(() => null)])),
    ]),
  }),
});

const initSchema = z.looseObject({
  type: z.literal("system"),
  subtype: z.literal("init"),
  session_id: z.string(),
  model: z.string(),
});

const retrySchema = z.looseObject({
  type: z.literal("system"),
  subtype: z.literal("api_retry"),
  attempt: z.number(),
  max_retries: z.number(),
  error_status: z.number().nullish(),
  error: z.string().nullish(),
});
export type RetryLine = z.infer<typeof retrySchema>;

const windowSchema = z.looseObject({
  utilization: z.number().nonnegative(),
  resetsAt: z.number().nonnegative().nullish(),
});

const rateLimitSchema = z.looseObject({
  type: z.literal("rate_limit_event"),
  rate_limit_info: z.looseObject({
    ...quotaLimitsSchema.shape,
    utilization: z.number().nonnegative().optional(),
    /** 2.1.197 does not tell them. */
    unifiedWindows: z.record(z.string(), windowSchema).optional().catch(undefined),
  }),
});
export type RateLimitInfo = z.infer<typeof rateLimitSchema>["rate_limit_info"];

/** The end of a turn of the main conversation: several when agents in the background made it go on. */
const resultSchema = z.looseObject({
  type: z.literal("result"),
  /** Not told by `subtype`: a turn that an API error ended is a "success". */
  is_error: z.boolean().default(false),
  result: z.string().optional(),
  errors: z.array(z.string()).default([]),
  api_error_status: z.number().nullish(),
  total_cost_usd: z.number().nonnegative().optional(),
  /** Of the process, and from 2.1.3xx on of the conversation with what other processes did in it. */
  modelUsage: modelUsageSchema.default({}),
  model_usage_since_last_result: modelUsageSchema.optional(),
});
export type ResultLine = z.infer<typeof resultSchema>;

const lineSchema = z.union([assistantSchema, userSchema, initSchema, retrySchema, rateLimitSchema, resultSchema]);

export type AssistantLine = z.infer<typeof assistantSchema>;
export type HeadlessLine = z.infer<typeof lineSchema>;

/** One line of `--output-format stream-json`; undefined for what tells nothing of interest. */
export function readHeadlessLine(text: string): HeadlessLine | undefined {
  return lineSchema.safeParse(parseJson(text)).data;
}
