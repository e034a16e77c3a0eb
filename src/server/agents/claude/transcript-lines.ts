import * as z from "zod";
import { quotaLimitsSchema } from "./limits.ts";

const textBlockSchema = z.looseObject({ text: z.string().optional() });
const contentSchema = z.union([z.string(), z.array(textBlockSchema)]);
const at = z.string().transform((text) => Date.parse(text));
const tokens = z.number().nonnegative().default(0);

const assistantSchema = z.looseObject({
  type: z.literal("assistant"),
  timestamp: at,
  isSidechain: z.boolean().default(false),
  isApiErrorMessage: z.boolean().default(false),
  error: z.string().optional(),
  apiErrorIsTransient: z.boolean().optional(),
  quotaLimits: quotaLimitsSchema.optional().catch(undefined),
  message: z.looseObject({
    id: z.string(),
    model: z.string(),
    content: z.array(textBlockSchema).default([]),
    usage: z.looseObject({
      input_tokens: tokens,
      output_tokens: tokens,
      cache_creation_input_tokens: tokens,
      cache_read_input_tokens: tokens,
    }),
  }),
});

/** What ExitPlanMode gives back once it was allowed; the plan as it then is, for the person may have changed it. */
const planResultSchema = z.looseObject({
  plan: z.string().min(1),
  filePath: z.string(),
  /** A sub-agent's plan is its leader's to accept. */
  isAgent: z.literal(false),
});
/** Who let a tool run; absent in versions such as 2.1.197. */
const decisionSchema = z.looseObject({ source: z.string() });

const userSchema = z.looseObject({
  type: z.literal("user"),
  uuid: z.string(),
  timestamp: at,
  isSidechain: z.boolean().default(false),
  isMeta: z.boolean().default(false),
  /** Absent in tool results, local commands and summaries. */
  promptSource: z.string().optional(),
  message: z.looseObject({ content: contentSchema }),
  toolUseResult: planResultSchema.optional().catch(undefined),
  permissionDecision: decisionSchema.optional().catch(undefined),
});
type UserLine = z.infer<typeof userSchema>;

/** A prompt that was given while a turn was going on, and went into that turn. */
const queuedSchema = z.looseObject({
  type: z.literal("attachment"),
  uuid: z.string(),
  timestamp: at,
  isSidechain: z.boolean().default(false),
  attachment: z.looseObject({
    type: z.literal("queued_command"),
    commandMode: z.literal("prompt"),
    prompt: contentSchema,
    origin: z.looseObject({ kind: z.string() }).optional(),
  }),
});

/** Written when a turn has ended by itself, and the hooks that could make it go on have run. */
const turnSchema = z.looseObject({
  type: z.literal("system"),
  subtype: z.literal("turn_duration"),
  timestamp: at,
  isSidechain: z.boolean().default(false),
  pendingBackgroundAgentCount: z.number().default(0),
});

/** The cost of the conversation, written when it ends. */
const costStateSchema = z.looseObject({ type: z.literal("cost-state"), totalCostUSD: z.number().nonnegative() });

const lineSchema = z.discriminatedUnion("type", [
  assistantSchema,
  userSchema,
  queuedSchema,
  turnSchema,
  costStateSchema,
]);

export type AssistantLine = z.infer<typeof assistantSchema>;
export type TranscriptLine =
  | AssistantLine
  | { readonly type: "prompt"; readonly key: string; readonly text: string; readonly at: number }
  | { readonly type: "plan"; readonly text: string; readonly at: number }
  | { readonly type: "interrupted" | "turn-end"; readonly at: number }
  | z.infer<typeof costStateSchema>;

/** What a line of a transcript means for us; null when nothing. */
export function readLine(value: unknown): TranscriptLine | null {
  const { data: line } = lineSchema.safeParse(value);
  switch (line?.type) {
    case "assistant":
    case "cost-state":
      return line;
    case "system": {
      const goesOn = line.isSidechain || line.pendingBackgroundAgentCount > 0;
      return goesOn ? null : { type: "turn-end", at: line.timestamp };
    }
    case "attachment": {
      const { prompt, origin } = line.attachment;
      const isTyped = origin === undefined || origin.kind === "human";
      return isTyped && !line.isSidechain
        ? { type: "prompt", key: line.uuid, text: plainText(prompt), at: line.timestamp }
        : null;
    }
    case "user":
      return line.isSidechain || line.isMeta ? null : readUser(line);
    case undefined:
      return null;
  }
}

function readUser(line: UserLine): TranscriptLine | null {
  const { uuid, timestamp, promptSource, message, toolUseResult: result } = line;
  if (result) return isPersons(line) ? { type: "plan", text: result.plan, at: timestamp } : null;
  const text = plainText(message.content);
  // "system": what Claude Code itself puts in, such as the news that a background job is done.
  if (promptSource !== undefined && promptSource !== "system")
    return { type: "prompt", key: uuid, text, at: timestamp };
  if (promptSource === undefined && Array.isArray(message.content) && interruptions.has(text)) {
    return { type: "interrupted", at: timestamp };
  }
  const command = promptCommand.exec(text);
  if (!command) return null;
  const [, name = "", args = ""] = command;
  return { type: "prompt", key: uuid, text: `${name} ${args}`.trim(), at: timestamp };
}

/** A rule of the settings, or a mode that asks for nothing, can let a plan pass that nobody has seen. */
function isPersons({ permissionDecision }: UserLine): boolean {
  return permissionDecision?.source.startsWith("user") ?? true;
}

const interruptions: ReadonlySet<string> = new Set([
  "[Request interrupted by user]",
  "[Request interrupted by user for tool use]",
]);

/** A slash command that stands for a prompt. One that Claude Code carries out by itself has its name first. */
const promptCommand =
  /^<command-message>[^]*?<\/command-message>\s*<command-name>([^]*?)<\/command-name>(?:\s*<command-args>([^]*?)<\/command-args>)?/;

function plainText(content: z.infer<typeof contentSchema>): string {
  return typeof content === "string" ? content : content.flatMap(({ text }) => text ?? []).join("\n");
}
