import * as z from "zod";
import type { Activity, TimedReading } from "../reading.ts";
import { firstLine } from "../first-line.ts";
import { readFailure } from "./limits.ts";
import { readQuota, rateLimitsSchema } from "./quota.ts";
import { readRequest, requestId, toolCallSchema } from "./requests.ts";
import { sentence } from "./words.ts";

/** @param at when the hook was fired, milliseconds since the epoch */
type Read = (payload: unknown, at: number) => readonly TimedReading[];

const commonSchema = z.looseObject({
  session_id: z.string(),
  transcript_path: z.string().optional(),
  /** Set in the hooks of a sub-agent's turn. */
  agent_id: z.string().optional(),
});
type Common = z.infer<typeof commonSchema>;

const sessionStartSchema = commonSchema.extend({ source: z.string() });
const sessionEndSchema = commonSchema.extend({ reason: z.string().optional() });
const notificationSchema = commonSchema.extend({ notification_type: z.string(), message: z.string().optional() });
const stopFailureSchema = commonSchema.extend({ error: z.string(), last_assistant_message: z.string().optional() });
const backgroundTaskSchema = z.looseObject({
  type: z.string(),
  status: z.string(),
  description: z.string().optional(),
  command: z.string().optional(),
});
const stopSchema = commonSchema.extend({ background_tasks: z.array(backgroundTaskSchema).default([]) });
const statusLineSchema = z.looseObject({
  cost: z.looseObject({ total_cost_usd: z.number().nonnegative() }),
  /** Only subscriptions have it, from the first answer on. */
  rate_limits: rateLimitsSchema.optional().catch(undefined),
});

/** What Claude Code's hooks tell, by channel. Prompts are not among it: the hook of one that is queued names the prompt before it. */
const readers: ReadonlyMap<string, Read> = new Map(
  Object.entries({
    SessionStart: reader(sessionStartSchema, ({ source, ...common }) => [
      conversation(common),
      // After a compaction the turn goes on.
      ...(source === "compact" ? [] : [activity("SessionStart", "idle", "It is ready for a prompt.")]),
    ]),
    UserPromptSubmit: reader(commonSchema, (common) => [
      conversation(common),
      activity("UserPromptSubmit", "working", "It works on a prompt."),
    ]),
    PermissionRequest: reader(toolCallSchema, (call) => [
      { type: "request", request: readRequest(call), signal: "PermissionRequest hook" },
    ]),
    PostToolUse: reader(toolCallSchema, afterTool("PostToolUse")),
    PostToolUseFailure: reader(toolCallSchema, afterTool("PostToolUseFailure")),
    // Not the end of the turn: the person's own Stop hooks run beside this one, may take long, and may make the turn go on.
    Stop: reader(stopSchema, ({ background_tasks }) => {
      const work = background_tasks.filter(({ status }) => status === "running").map(describe);
      return [
        { type: "background", work },
        // A sub-agent that works on may be asking.
        ...(work.length === 0 ? [{ type: "request-over" } as const] : []),
      ];
    }),
    StopFailure: reader(stopFailureSchema, ({ error, last_assistant_message: text = error, agent_id }, at) =>
      // The turn is a sub-agent's: its own goes on.
      agent_id !== undefined
        ? []
        : [{ type: "request-over" }, ...readFailure({ error, text }, { signal: "StopFailure hook", writtenAt: at })],
    ),
    Notification: reader(notificationSchema, ({ notification_type: type, message }) => {
      const [state, text] = notifications.get(type) ?? [];
      return state ? [activity(`Notification: ${type}`, state, text ?? sentence(message ?? type))] : [];
    }),
    SessionEnd: reader(sessionEndSchema, () => [{ type: "request-over" }]),
    statusLine: reader(statusLineSchema, ({ cost, rate_limits: limits = {} }) => [
      { type: "usage", scope: "process", usage: { costUsd: cost.total_cost_usd } },
      ...readQuota(limits),
    ]),
  }),
);

/** Types that say something of the state; the first comes 6 seconds after its dialog, the second a minute after the end of a turn. */
const notifications = new Map<string, readonly [Activity, string?]>([
  ["permission_prompt", ["waiting"]],
  ["idle_prompt", ["idle", "It is ready for a prompt."]],
  ["elicitation_dialog", ["waiting"]],
  ["quota_auto_resume_fired", ["working"]],
]);

/**
 * Reads what a hook of ours handed over.
 * @param at when it was fired: "3am" in its words is the next one after that, and it may have waited for a gateway
 */
export function readHook(payload: unknown, channel: string, at: number): readonly TimedReading[] {
  return readers.get(channel)?.(payload, at) ?? [];
}

function reader<T>(schema: z.ZodType<T>, read: (payload: T, at: number) => readonly TimedReading[]): Read {
  return (payload, at) => {
    const parsed = schema.safeParse(payload);
    return parsed.success ? read(parsed.data, at) : [];
  };
}

function conversation({ session_id: id, transcript_path: path }: Common): TimedReading {
  return { type: "conversation", id, ...(path === undefined ? {} : { transcriptPath: path }) };
}

function activity(hook: string, state: Activity, text: string): TimedReading {
  return { type: "activity", activity: state, text, signal: `${hook} hook` };
}

/** A tool that has run was allowed to. */
function afterTool(hook: string): (call: z.infer<typeof toolCallSchema>) => readonly TimedReading[] {
  return (call) => [
    { type: "request-over", id: requestId(call) },
    // A sub-agent's tools go on beside the turn, and may do so after it.
    ...(call.agent_id === undefined ? [activity(hook, "working", "It is working.")] : []),
  ];
}

function describe({ type, description, command }: z.infer<typeof backgroundTaskSchema>): string {
  return firstLine(description ?? command ?? type);
}
