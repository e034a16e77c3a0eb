import type { Answer } from "./answers.ts";

type ContentAnswer = Exclude<Answer, { kind: "refusal" }>;

const usage = {
  input_tokens: 10,
  output_tokens: 5,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};

function contentBlock(answer: ContentAnswer, id: string): Record<string, unknown> {
  return answer.kind === "text"
    ? { type: "text", text: answer.text }
    : { type: "tool_use", id: `toolu_${id}`, name: answer.name, input: answer.input };
}

function stopReason(answer: ContentAnswer): string {
  return answer.kind === "text" ? "end_turn" : "tool_use";
}

/** The answer as the body of a plain response. */
export function message(answer: ContentAnswer, model: string, id: string): Record<string, unknown> {
  return {
    id: `msg_${id}`,
    type: "message",
    role: "assistant",
    model,
    content: [contentBlock(answer, id)],
    stop_reason: stopReason(answer),
    stop_sequence: null,
    usage,
  };
}

/** The same answer as server-sent events. */
export function messageEvents(answer: ContentAnswer, model: string, id: string): string {
  const block = contentBlock(answer, id);
  const [emptyBlock, delta] =
    answer.kind === "text"
      ? [
          { ...block, text: "" },
          { type: "text_delta", text: answer.text },
        ]
      : [
          { ...block, input: {} },
          { type: "input_json_delta", partial_json: JSON.stringify(answer.input) },
        ];
  const start = { ...message(answer, model, id), content: [], stop_reason: null };
  return [
    { type: "message_start", message: start },
    { type: "content_block_start", index: 0, content_block: emptyBlock },
    { type: "content_block_delta", index: 0, delta },
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      usage: { output_tokens: usage.output_tokens },
    },
    { type: "message_stop" },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join("");
}
