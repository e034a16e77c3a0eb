import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod";
import type { MessageRequest } from "./answers.ts";

const contentSchema = z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]);

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
    headers,
  };
}

function plainText(content: z.infer<typeof contentSchema>): string {
  return typeof content === "string" ? content : content.map(({ text }) => text ?? "").join("\n");
}
