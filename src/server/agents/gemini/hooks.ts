import { createHash } from "node:crypto";
import * as z from "zod";
import type { AgentRequest } from "../../../protocol/requests.ts";
import type { TimedReading } from "../reading.ts";
import { firstLine } from "../first-line.ts";

const toolInputSchema = z.looseObject({ command: z.string().optional(), file_path: z.string().optional() });
type ToolInput = z.infer<typeof toolInputSchema>;

const detailsSchema = z.looseObject({
  type: z.string(),
  title: z.string().default(""),
  command: z.string().optional(),
  fileName: z.string().optional(),
  filePath: z.string().optional(),
  fileDiff: z.string().optional(),
  serverName: z.string().optional(),
  toolName: z.string().optional(),
  toolDisplayName: z.string().optional(),
  prompt: z.string().optional(),
  urls: z.array(z.string()).optional(),
});
type Details = z.infer<typeof detailsSchema>;

const common = {
  session_id: z.string().min(1),
  transcript_path: z.string().default(""),
  timestamp: z.string(),
};
const payloadSchema = z.discriminatedUnion("hook_event_name", [
  z.looseObject({ ...common, hook_event_name: z.literal("SessionStart") }),
  z.looseObject({ ...common, hook_event_name: z.literal("BeforeAgent") }),
  z.looseObject({ ...common, hook_event_name: z.literal("AfterAgent") }),
  z.looseObject({
    ...common,
    hook_event_name: z.literal("AfterTool"),
    tool_name: z.string(),
    tool_input: toolInputSchema.catch({}),
  }),
  z.looseObject({
    ...common,
    hook_event_name: z.literal("Notification"),
    notification_type: z.string(),
    details: detailsSchema,
  }),
]);
type Payload = z.infer<typeof payloadSchema>;

/** What one of our hooks says. Prompts are told by the chat file, which gives each an id. */
export function readHook(payload: unknown): readonly TimedReading[] {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return [];
  const at = Date.parse(parsed.data.timestamp);
  return readingsOf(parsed.data).map((reading) => (Number.isNaN(at) ? reading : { ...reading, at }));
}

function readingsOf(payload: Payload): TimedReading[] {
  const signal = `${payload.hook_event_name} hook`;
  switch (payload.hook_event_name) {
    case "SessionStart":
      return [conversation(payload), { type: "activity", activity: "idle", text: "Gemini CLI is ready.", signal }];
    case "BeforeAgent":
      return [conversation(payload), { type: "activity", activity: "working", text: "Gemini CLI is working.", signal }];
    case "AfterTool": {
      const id = requestIdOfTool(payload.tool_name, payload.tool_input);
      return id === null ? [] : [{ type: "request-over", id }];
    }
    case "AfterAgent":
      return [
        { type: "request-over" },
        { type: "activity", activity: "idle", text: "Gemini CLI has finished its turn.", signal },
      ];
    case "Notification":
      if (payload.notification_type !== "ToolPermission") return [];
      return [{ type: "request", request: requestOf(payload.details), signal }];
  }
}

/** After `/clear` it is another one. */
function conversation({ session_id, transcript_path }: Payload): TimedReading {
  const transcriptPath = transcript_path === "" ? {} : { transcriptPath: transcript_path };
  return { type: "conversation", id: session_id, ...transcriptPath };
}

type Request = Omit<AgentRequest, "at" | "isAnswerable">;

function requestOf(details: Details): Request {
  const kind = details.type === "ask_user" ? "question" : "permission";
  return { id: requestIdOf(details), kind, questions: [], ...describe(details) };
}

function describe(details: Details): Pick<Request, "title" | "detail"> {
  const { type, title, command, filePath, fileName, fileDiff, serverName, toolName, toolDisplayName, prompt, urls } =
    details;
  if (type === "exec" && command !== undefined) return { title: `Shell: ${firstLine(command)}`, detail: command };
  if (type === "edit" && filePath !== undefined) {
    return { title: `Edit ${fileName ?? filePath}`, detail: [filePath, ...(fileDiff ? [fileDiff] : [])].join("\n") };
  }
  if (type === "mcp" && toolName !== undefined) {
    return {
      title: `${toolDisplayName ?? toolName} (${serverName ?? "MCP"})`,
      detail: `${serverName ?? ""} ${toolName}`,
    };
  }
  if (type === "info" && prompt !== undefined) {
    return { title: firstLine(prompt), detail: [prompt, ...(urls ?? [])].join("\n") };
  }
  return { title: title || "a confirmation", detail: title };
}

/** No payload carries an id, so a request is known by what it is about. */
function requestIdOf({ type, command, filePath, serverName, toolName, prompt }: Details): string {
  return requestId(type, command ?? filePath ?? [serverName, toolName, prompt].join(" ").trim());
}

/** The request that this tool may have led to, where its input says the same as the request's details. */
function requestIdOfTool(tool: string, { command, file_path }: ToolInput): string | null {
  if (command !== undefined) return requestId("exec", command);
  if (file_path !== undefined) return requestId("edit", file_path);
  return tool === "ask_user" ? requestId("ask_user", "") : null;
}

function requestId(type: string, subject: string): string {
  return `${type} ${createHash("sha256").update(subject).digest("base64url").slice(0, 12)}`;
}
