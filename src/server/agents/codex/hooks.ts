import * as z from "zod";
import type { TimedReading } from "../reading.ts";
import { firstLine } from "../first-line.ts";
import { permissionId } from "./requests.ts";

const inConversation = {
  session_id: z.string(),
  /** Null for a conversation that is not kept. */
  transcript_path: z.string().nullish(),
  /** Present in the hooks of sub-agents, whose transcript is another one. */
  agent_id: z.string().optional(),
};
const inTurn = { ...inConversation, turn_id: z.string() };

const payloadSchema = z.discriminatedUnion("hook_event_name", [
  z.looseObject({ hook_event_name: z.literal("SessionStart"), ...inConversation, model: z.string().optional() }),
  z.looseObject({ hook_event_name: z.literal("UserPromptSubmit"), ...inTurn, prompt: z.string() }),
  z.looseObject({
    hook_event_name: z.literal("PermissionRequest"),
    ...inTurn,
    tool_name: z.string(),
    tool_input: z.unknown(),
  }),
  z.looseObject({ hook_event_name: z.literal("Interrupt"), ...inTurn }),
]);
type Payload = z.infer<typeof payloadSchema>;

/** What Codex handed to a hook. Only a permission counts when a sub-agent asks for it; its prompts are its parent's. */
export function readHook(payload: unknown): readonly TimedReading[] {
  const { data } = payloadSchema.safeParse(payload);
  if (!data) return [];
  if (data.hook_event_name === "PermissionRequest") return [permission(data)];
  if (data.agent_id !== undefined) return [];
  const signal = `${data.hook_event_name} hook`;
  switch (data.hook_event_name) {
    case "SessionStart":
      return [conversation(data), ...(data.model ? [{ type: "model" as const, model: data.model }] : [])];
    case "UserPromptSubmit":
      return [
        conversation(data),
        { type: "prompt", key: data.turn_id, text: data.prompt },
        { type: "activity", activity: "working", text: "Codex works on a prompt.", signal, turnId: data.turn_id },
      ];
    case "Interrupt":
      return [{ type: "activity", activity: "interrupted", text: "You interrupted it.", signal, turnId: data.turn_id }];
  }
}

function conversation({ session_id, transcript_path }: Payload): TimedReading {
  return { type: "conversation", id: session_id, ...(transcript_path ? { transcriptPath: transcript_path } : {}) };
}

const commandSchema = z.looseObject({ command: z.string(), description: z.string().optional() });

function permission(data: Extract<Payload, { hook_event_name: "PermissionRequest" }>): TimedReading {
  const { tool_name, tool_input, turn_id } = data;
  const { data: run } = commandSchema.safeParse(tool_input);
  const detail = run?.command ?? JSON.stringify(tool_input ?? null, null, 2);
  return {
    type: "request",
    signal: "PermissionRequest hook",
    request: {
      id: permissionId(turn_id, tool_input),
      kind: "permission",
      title: run ? `${tool_name}: ${firstLine(run.command)}` : tool_name,
      detail: run?.description ? `${detail}\n\nIts reason: ${run.description}` : detail,
      questions: [],
    },
  };
}
