import { createHash } from "node:crypto";
import * as z from "zod";
import type { AgentRequest, Question, RequestAnswer } from "../../../protocol/requests.ts";
import { firstLine } from "../first-line.ts";
import { toolDetail, toolTitle } from "./tools.ts";

/** What a hook says of a tool call. `agent_id` is set when a sub-agent makes it. */
export const toolCallSchema = z.looseObject({
  session_id: z.string(),
  prompt_id: z.string().optional(),
  agent_id: z.string().optional(),
  agent_type: z.string().optional(),
  tool_name: z.string(),
  tool_input: z.record(z.string(), z.unknown()),
});
export type ToolCall = z.infer<typeof toolCallSchema>;

const QUESTION_TOOL = "AskUserQuestion";

const questionsSchema = z.array(
  z.looseObject({
    question: z.string(),
    header: z.string().optional(),
    multiSelect: z.boolean().default(false),
    options: z.array(z.looseObject({ label: z.string(), description: z.string().optional() })),
  }),
);

/** What the PermissionRequest hook asks for. */
export function readRequest(call: ToolCall): Omit<AgentRequest, "at" | "isAnswerable"> {
  const questions = call.tool_name === QUESTION_TOOL ? readQuestions(call.tool_input) : [];
  const from = call.agent_type === undefined ? "" : ` (sub-agent ${call.agent_type})`;
  const [first] = questions;
  if (first) {
    const more = questions.length > 1 ? ` (and ${questions.length - 1} more)` : "";
    const detail = questions.map(({ text }) => text).join("\n");
    return {
      id: requestId(call),
      kind: "question",
      title: `${firstLine(first.text)}${more}${from}`,
      detail,
      questions,
    };
  }
  const title = `${toolTitle(call.tool_name, call.tool_input)}${from}`;
  return {
    id: requestId(call),
    kind: "permission",
    title,
    detail: toolDetail(call.tool_name, call.tool_input),
    questions,
  };
}

/**
 * The same for the hook that asks and the one that tells of the tool's end; the former has no `tool_use_id`. A question comes
 * back with its answers added.
 */
export function requestId({ session_id, prompt_id, agent_id, tool_name, tool_input }: ToolCall): string {
  const input = tool_name === QUESTION_TOOL ? tool_input["questions"] : tool_input;
  const call = JSON.stringify([session_id, prompt_id, agent_id, tool_name, sorted(input)]);
  return createHash("sha256").update(call).digest("hex").slice(0, 16);
}

/** With its keys in order, so that equal values are equal text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, each]) => [key, sorted(each)]);
}

function readQuestions(input: ToolCall["tool_input"]): Question[] {
  return (questionsSchema.safeParse(input["questions"]).data ?? []).map(
    ({ question, header, multiSelect, options }) => ({
      text: question,
      header: header ?? null,
      multiSelect,
      options: options.map(({ label, description }) => ({ label, description: description ?? null })),
    }),
  );
}

/** What the PermissionRequest hook prints for this answer. @param asked what the hook had on its stdin. */
export function answerOutput(request: AgentRequest, answer: RequestAnswer, asked: unknown): string {
  return JSON.stringify({
    hookSpecificOutput: { hookEventName: "PermissionRequest", decision: decision(request, answer, asked) },
  });
}

function decision({ questions }: AgentRequest, answer: RequestAnswer, asked: unknown): Record<string, unknown> {
  switch (answer.choice) {
    case "allow":
      return { behavior: "allow" };
    case "deny":
      return { behavior: "deny", message: answer.message ?? "The person does not want this." };
    case "answers": {
      const { tool_input: input } = z.looseObject({ tool_input: z.record(z.string(), z.unknown()) }).parse(asked);
      const answers = questions.map(({ text }, index) => [text, (answer.answers[index] ?? []).join(", ")]);
      return {
        behavior: "allow",
        updatedInput: { ...input, answers: Object.fromEntries(answers) as Record<string, string> },
      };
    }
  }
}
