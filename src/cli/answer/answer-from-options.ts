import type { AgentRequest, RequestAnswer } from "../../protocol/requests.ts";
import { type GivenOption, UsageError } from "../usage.ts";
import { chooseNumbers } from "./choices.ts";

/** An answer that was given on the command line, before it is known what is asked. */
export type GivenAnswer =
  | { readonly kind: "allow" }
  | { readonly kind: "deny"; readonly message: string | null }
  | {
      readonly kind: "answers";
      readonly answers: readonly { readonly by: "choose" | "text"; readonly value: string }[];
    };

/** Null when the options hold no answer. @throws {UsageError} when they hold more than one */
export function readAnswerOptions(given: readonly GivenOption[]): GivenAnswer | null {
  const names = new Set(given.map(({ name }) => name));
  const answers = given.flatMap(({ name, value }) =>
    (name === "choose" || name === "text") && value !== undefined ? [{ by: name, value } as const] : [],
  );
  const kinds = [names.has("allow"), names.has("deny"), answers.length > 0].filter(Boolean);
  if (kinds.length > 1) throw new UsageError("--allow, --deny and --choose or --text exclude each other.");
  if (names.has("message") && !names.has("deny")) throw new UsageError("--message goes with --deny.");
  if (names.has("allow")) return { kind: "allow" };
  if (names.has("deny")) {
    return { kind: "deny", message: given.findLast(({ name }) => name === "message")?.value ?? null };
  }
  return answers.length > 0 ? { kind: "answers", answers } : null;
}

/** The answer as the agent wants it. @throws {UsageError} when it does not fit what is asked */
export function answerTo(request: AgentRequest, given: GivenAnswer): RequestAnswer {
  switch (given.kind) {
    case "allow":
      if (request.kind === "permission") return { choice: "allow" };
      throw new UsageError("It asks a question: answer with --choose or --text.");
    case "deny":
      return given.message === null ? { choice: "deny" } : { choice: "deny", message: given.message };
    case "answers":
      return { choice: "answers", answers: answersTo(request, given.answers) };
  }
}

function answersTo(
  { kind, questions }: AgentRequest,
  given: Extract<GivenAnswer, { kind: "answers" }>["answers"],
): string[][] {
  if (kind === "permission") throw new UsageError("It wants a permission: answer with --allow or --deny.");
  if (given.length !== questions.length) {
    const wanted = questions.length === 1 ? "1 answer" : `${questions.length} answers`;
    throw new UsageError(`It wants ${wanted}, and ${given.length} came. Repeat --choose or --text, one a question.`);
  }
  return questions.map((question, index) => {
    const { by = "text", value = "" } = given[index] ?? {};
    const choice = by === "choose" ? chooseNumbers(question, value) : { labels: [value] };
    if ("problem" in choice) throw new UsageError(choice.problem);
    return choice.labels;
  });
}
