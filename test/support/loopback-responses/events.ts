import type { Block, Message } from "../loopback-api/answers.ts";

function outputItem(block: Block, id: string): Record<string, unknown> {
  return block.type === "text"
    ? {
        type: "message",
        id: `msg_${id}`,
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: block.text, annotations: [] }],
      }
    : {
        type: "function_call",
        id: `fc_${id}`,
        call_id: `call_${id}`,
        ...toolName(block.name),
        arguments: JSON.stringify(block.input),
        status: "completed",
      };
}

/** Tools may be grouped: `group/tool` is a tool of a namespace. */
function toolName(name: string): Record<string, string> {
  const [tool = name, namespace] = name.split("/").reverse();
  return namespace === undefined ? { name: tool } : { namespace, name: tool };
}

/** As this API counts: what was cached is among the input. */
function usage({ tokens }: Message): Record<string, unknown> {
  const input = tokens.input_tokens + tokens.cache_read_input_tokens + tokens.cache_creation_input_tokens;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: tokens.cache_read_input_tokens },
    output_tokens: tokens.output_tokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + tokens.output_tokens,
  };
}

/** The answer as the server-sent events of a streamed response. */
export function responseEvents(answer: Message, model: string, id: string): string {
  const items = answer.blocks.map((block, index) => outputItem(block, `${id}_${index}`));
  const response = { id: `resp_${id}`, object: "response", model };
  return [
    { type: "response.created", response: { ...response, status: "in_progress", output: [] } },
    ...items.map((item, index) => ({ type: "response.output_item.done", output_index: index, item })),
    {
      type: "response.completed",
      response: { ...response, status: "completed", output: items, usage: usage(answer) },
    },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join("");
}
