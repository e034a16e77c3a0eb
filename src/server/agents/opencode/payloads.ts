import * as z from "zod";

/** What opencode's server sends, as far as Tally reads it: the same shapes in its events and in its answers. */

export const tokensSchema = z.looseObject({
  input: z.number(),
  output: z.number(),
  reasoning: z.number().default(0),
  cache: z.looseObject({ read: z.number(), write: z.number() }),
});
export type Tokens = z.infer<typeof tokensSchema>;

export const sessionInfoSchema = z.looseObject({
  id: z.string(),
  /** Set for a sub-agent's session. */
  parentID: z.string().optional(),
  title: z.string().default(""),
  time: z.looseObject({ updated: z.number() }).default({ updated: 0 }),
  cost: z.number().optional(),
  tokens: tokensSchema.optional(),
});
export type SessionInfo = z.infer<typeof sessionInfoSchema>;

export const errorSchema = z.looseObject({
  name: z.string(),
  data: z
    .looseObject({
      message: z.string().optional(),
      /** Another try may succeed. */
      isRetryable: z.boolean().optional().catch(undefined),
      /** What the provider answered. */
      responseHeaders: z.record(z.string(), z.string()).optional().catch(undefined),
      responseBody: z.string().optional().catch(undefined),
    })
    .optional(),
});
export type OpencodeError = z.infer<typeof errorSchema>;

export const assistantMessageSchema = z.looseObject({
  role: z.literal("assistant"),
  id: z.string(),
  sessionID: z.string(),
  /** The prompt that it answers. */
  parentID: z.string(),
  time: z.looseObject({ created: z.number(), completed: z.number().optional() }),
  providerID: z.string(),
  modelID: z.string(),
  cost: z.number(),
  tokens: tokensSchema,
  /** Why the model ended it; absent where it did not. */
  finish: z.string().optional().catch(undefined),
  error: errorSchema.optional(),
});
export type AssistantMessage = z.infer<typeof assistantMessageSchema>;

const messageSchema = z.discriminatedUnion("role", [
  z.looseObject({
    role: z.literal("user"),
    id: z.string(),
    sessionID: z.string(),
    time: z.looseObject({ created: z.number() }),
  }),
  assistantMessageSchema,
]);
export type Message = z.infer<typeof messageSchema>;

const partSchema = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("text"),
    messageID: z.string(),
    sessionID: z.string(),
    text: z.string(),
    /** Written by opencode itself. */
    synthetic: z.boolean().default(false),
  }),
  z.looseObject({
    type: z.literal("tool"),
    messageID: z.string(),
    sessionID: z.string(),
    callID: z.string(),
    state: z.looseObject({
      status: z.string(),
      input: z.record(z.string(), z.unknown()).default({}),
      error: z.string().optional(),
    }),
  }),
]);
export type Part = z.infer<typeof partSchema>;

export const retrySchema = z.looseObject({
  type: z.literal("retry"),
  message: z.string(),
  attempt: z.number().int().positive().catch(1),
  /** When it tries again, milliseconds since the epoch. */
  next: z.number().nonnegative().optional().catch(undefined),
  /** Set where opencode knows which limit it is, and what to do about it. */
  action: z.looseObject({ reason: z.string() }).optional(),
});

export const statusSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("idle") }),
  z.looseObject({ type: z.literal("busy") }),
  retrySchema,
]);
export type Status = z.infer<typeof statusSchema>;

export const permissionSchema = z.looseObject({
  id: z.string(),
  sessionID: z.string(),
  /** What kind of thing it wants to do: a tool, or `external_directory` and the like. */
  permission: z.string(),
  patterns: z.array(z.string()).default([]),
  metadata: z.record(z.string(), z.unknown()).default({}),
  tool: z.looseObject({ callID: z.string() }).optional(),
});
export type Permission = z.infer<typeof permissionSchema>;

export const questionRequestSchema = z.looseObject({
  id: z.string(),
  sessionID: z.string(),
  questions: z
    .array(
      z.looseObject({
        question: z.string(),
        header: z.string().optional(),
        options: z.array(z.looseObject({ label: z.string(), description: z.string().optional() })).default([]),
        multiple: z.boolean().default(false),
      }),
    )
    .min(1),
});
export type QuestionRequest = z.infer<typeof questionRequestSchema>;

const over = z.looseObject({ requestID: z.string() });
const sessionProperties = z.looseObject({ info: sessionInfoSchema });

function event<T extends string, P extends z.ZodType>(type: T, properties: P) {
  return z.looseObject({ type: z.literal(type), id: z.string().default(""), properties });
}

/** The events that say something of what opencode does; it sends many more. */
export const eventSchema = z.discriminatedUnion("type", [
  event("server.connected", z.unknown()),
  event("session.created", sessionProperties),
  event("session.updated", sessionProperties),
  event("session.status", z.looseObject({ sessionID: z.string(), status: statusSchema })),
  event("session.error", z.looseObject({ sessionID: z.string().optional(), error: errorSchema.optional() })),
  event("message.updated", z.looseObject({ info: messageSchema })),
  event("message.removed", z.looseObject({ messageID: z.string() })),
  event("message.part.updated", z.looseObject({ part: partSchema })),
  event("permission.asked", permissionSchema),
  event("permission.replied", over),
  event("question.asked", questionRequestSchema),
  event("question.replied", over),
  event("question.rejected", over),
]);
export type OpencodeEvent = z.infer<typeof eventSchema>;

/** One of `GET /session/{id}/message`; a part that is neither text nor a tool is of no interest. */
export const messageWithPartsSchema = z.looseObject({
  info: messageSchema,
  parts: z.array(z.union([partSchema, z.unknown().transform(() => null)])),
});
/** `GET /session/status`: what is not in it is idle. */
export const statusesSchema = z.record(z.string(), statusSchema);
