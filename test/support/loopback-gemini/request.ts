import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod";
import type { MessageRequest } from "../loopback-api/answers.ts";

const partSchema = z.looseObject({
  text: z.string().optional(),
  functionResponse: z.looseObject({ response: z.unknown() }).optional(),
});

const bodySchema = z.looseObject({
  contents: z.array(z.looseObject({ role: z.string().optional(), parts: z.array(partSchema).default([]) })),
  tools: z
    .array(z.looseObject({ functionDeclarations: z.array(z.looseObject({ name: z.string() })).default([]) }))
    .default([]),
});

/** How a request was addressed: `…/models/<model>:streamGenerateContent`. */
export interface Addressed {
  readonly model: string;
  readonly stream: boolean;
}

/** Reads the body of `…:generateContent`. Throws when it is not one: then the agent speaks something this API does not know. */
export function readContentRequest(
  { model, stream }: Addressed,
  body: string,
  headers: IncomingHttpHeaders,
): MessageRequest {
  const { contents, tools } = bodySchema.parse(JSON.parse(body));
  const parts = contents.findLast(({ role }) => role !== "model")?.parts ?? [];
  return {
    model,
    stream,
    tools: tools.flatMap(({ functionDeclarations }) => functionDeclarations.map(({ name }) => name)),
    lastUserText: parts.map(({ text }) => text ?? "").join("\n"),
    toolResults: parts.flatMap(({ functionResponse }) =>
      functionResponse ? [JSON.stringify(functionResponse.response)] : [],
    ),
    headers,
  };
}
