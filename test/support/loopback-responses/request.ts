import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod";
import type { MessageRequest } from "../loopback-api/answers.ts";

const contentSchema = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]);
type Content = z.infer<typeof contentSchema>;

const bodySchema = z.looseObject({
  model: z.string(),
  stream: z.boolean().default(false),
  /** A tool of the API's own (`web_search`) has a type instead of a name. */
  tools: z.array(z.looseObject({ name: z.string().optional(), type: z.string() })).default([]),
  /** Messages among other items: calls, what they gave, reasoning. */
  input: z.array(
    z.looseObject({
      type: z.string().optional(),
      role: z.string().optional(),
      content: contentSchema.nullish(),
      output: contentSchema.nullish(),
    }),
  ),
});
type Item = z.infer<typeof bodySchema>["input"][number];

/** Reads the body of `POST /v1/responses`. Throws when it is not one: then the agent speaks something this API does not know. */
export function readResponseRequest(body: string, headers: IncomingHttpHeaders): MessageRequest {
  const { model, stream, tools, input } = bodySchema.parse(JSON.parse(body));
  return {
    model,
    stream,
    tools: tools.map(({ name, type }) => name ?? type),
    lastUserText: plainText(input.findLast(({ role }) => role === "user")?.content),
    toolResults: input
      .slice(input.findLastIndex((item) => !isToolResult(item)) + 1)
      .map(({ output }) => plainText(output)),
    headers,
  };
}

function isToolResult({ type }: Item): boolean {
  return type === "function_call_output";
}

function plainText(content: Content | null | undefined): string {
  return typeof content === "string" ? content : (content ?? []).map(({ text }) => text ?? "").join("\n");
}
