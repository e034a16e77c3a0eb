import type { Block, Message, TokenCounts } from "../loopback-api/answers.ts";

/** Google's API counts what the model thought beside what it said; every answer here has thought a little. */
export const THOUGHT_TOKENS = 3;

function part(block: Block): Record<string, unknown> {
  return block.type === "text" ? { text: block.text } : { functionCall: { name: block.name, args: block.input } };
}

function usageMetadata({ input_tokens, output_tokens, cache_read_input_tokens }: TokenCounts): Record<string, number> {
  // As this API counts, what came from the cache is part of the prompt.
  const promptTokenCount = input_tokens + cache_read_input_tokens;
  return {
    promptTokenCount,
    cachedContentTokenCount: cache_read_input_tokens,
    candidatesTokenCount: output_tokens,
    thoughtsTokenCount: THOUGHT_TOKENS,
    totalTokenCount: promptTokenCount + output_tokens + THOUGHT_TOKENS,
  };
}

/** The answer as one `GenerateContentResponse`. */
export function content({ blocks, tokens }: Message, model: string): Record<string, unknown> {
  return {
    candidates: [{ index: 0, content: { role: "model", parts: blocks.map(part) }, finishReason: "STOP" }],
    usageMetadata: usageMetadata(tokens),
    modelVersion: model,
  };
}

/** The same answer as server-sent events. */
export function contentEvents(message: Message, model: string): string {
  return `data: ${JSON.stringify(content(message, model))}\r\n\r\n`;
}
