import type { Block, Message } from "./answers.ts";

function contentBlock(block: Block, id: string): Record<string, unknown> {
  return block.type === "text"
    ? { type: "text", text: block.text }
    : { type: "tool_use", id: `toolu_${id}`, name: block.name, input: block.input };
}

function contentBlocks({ blocks }: Message, id: string): Record<string, unknown>[] {
  return blocks.map((block, index) => contentBlock(block, index === 0 ? id : `${id}_${index}`));
}

function stopReason({ blocks }: Message): string {
  return blocks.some(({ type }) => type === "tool") ? "tool_use" : "end_turn";
}

/** The answer as the body of a plain response. */
export function messageBody(answer: Message, model: string, id: string): Record<string, unknown> {
  return {
    id: `msg_${id}`,
    type: "message",
    role: "assistant",
    model,
    content: contentBlocks(answer, id),
    stop_reason: stopReason(answer),
    stop_sequence: null,
    usage: answer.tokens,
  };
}

/** The same answer as server-sent events. */
export function messageEvents(answer: Message, model: string, id: string): string {
  const whole = messageBody(answer, model, id);
  const blocks = contentBlocks(answer, id);
  return [
    {
      type: "message_start",
      message: { ...whole, content: [], stop_reason: null, usage: { ...answer.tokens, output_tokens: 1 } },
    },
    ...answer.blocks.flatMap((block, index) => blockEvents(block, blocks[index], index)),
    {
      type: "message_delta",
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      usage: { output_tokens: answer.tokens.output_tokens },
    },
    { type: "message_stop" },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join("");
}

function blockEvents(block: Block, content: Record<string, unknown> | undefined, index: number) {
  const [empty, delta] =
    block.type === "text"
      ? [{ text: "" }, { type: "text_delta", text: block.text }]
      : [{ input: {} }, { type: "input_json_delta", partial_json: JSON.stringify(block.input) }];
  return [
    { type: "content_block_start", index, content_block: { ...content, ...empty } },
    { type: "content_block_delta", index, delta },
    { type: "content_block_stop", index },
  ];
}
