import * as z from "zod";

/** One of the answers that a question offers. */
const optionSchema = z.object({ label: z.string(), description: z.string().nullable() });

export const questionSchema = z.object({
  text: z.string().describe("The question in full; the agent knows its answer by it."),
  header: z.string().nullable(),
  options: z.array(optionSchema),
  multiSelect: z.boolean(),
});
export type Question = z.infer<typeof questionSchema>;

/** What an agent asks of the person: to allow something, or to choose. */
export const agentRequestSchema = z.object({
  id: z.string().describe("Unique within its session."),
  kind: z.enum(["permission", "question"]),
  title: z.string().describe('In a few words: "Bash: touch x".'),
  detail: z
    .string()
    .describe("All of what would be allowed, unabridged: a person must be able to see it before they allow it."),
  questions: z.array(questionSchema).describe("For kind `question`, in the agent's order."),
  isAnswerable: z
    .boolean()
    .describe("Whether Tally can hand the answer to the agent. If not, it is answered in the terminal."),
  at: z.number().int(),
});
export type AgentRequest = z.infer<typeof agentRequestSchema>;

/** A person's answer to an {@link AgentRequest}. */
export const requestAnswerSchema = z.discriminatedUnion("choice", [
  z.object({ choice: z.literal("allow") }),
  z.object({ choice: z.literal("deny"), message: z.string().max(10_000).optional() }),
  /** For a question: the labels chosen, or words of the person's own, in the order of `questions`. */
  z.object({ choice: z.literal("answers"), answers: z.array(z.array(z.string().max(10_000)).min(1)).min(1) }),
]);
export type RequestAnswer = z.infer<typeof requestAnswerSchema>;
