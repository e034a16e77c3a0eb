import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod";
import type { MessageRequest } from "./answers.ts";

const textBlockSchema = z.looseObject({ type: z.string(), text: z.string().optional() });
const contentSchema = z.union([
  z.string(),
  z.array(textBlockSchema.extend({ content: z.union([z.string(), z.array(textBlockSchema)]).optional() })),
]);
type Content = z.infer<typeof contentSchema>;

const bodySchema = z.looseObject({
  model: z.string(),
  stream: z.boolean().default(false),
  tools: z.array(z.looseObject({ name: z.string() })).default([]),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema })),
});

/** Reads the body of `POST /v1/messages`. Throws when it is not one: then the agent speaks something this API does not know. */
export function readMessageRequest(body: string, headers: IncomingHttpHeaders): MessageRequest {
  const { model, stream, tools, messages } = bodySchema.parse(JSON.parse(body));
  const last = messages.findLast(({ role }) => role === "user");
  return {
    model,
    stream,
    tools: tools.map(({ name }) => name),
    lastUserText: last === undefined ? "" : plainText(last.content),
    toolResults: last === undefined ? [] : toolResults(last.content),
    headers,
  };
}

function plainText(content: Content): string {
  return typeof content === "string" ? content : content.map(({ text }) => text ?? "").join("\n");
}

function toolResults(content: Content): string[] {
  if (typeof content === "string") return [];
  return content.filter(({ type }) => type === "tool_result").map((block) => plainText(block.content ?? ""));
}
