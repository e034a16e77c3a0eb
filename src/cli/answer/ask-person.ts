import type { AgentRequest, Question, RequestAnswer } from "../../protocol/requests.ts";
import { readChoice } from "./choices.ts";

/** Somebody who can be asked, one line at a time. */
export interface Person {
  /** What they answer; null when they want to answer nothing any more. */
  readonly ask: (prompt: string) => Promise<string | null>;
  readonly tell: (text: string) => void;
}

/** Asks until there is an answer that means something; an empty one never does. Null when the person quits. */
export function askPerson(request: AgentRequest, person: Person): Promise<RequestAnswer | null> {
  return request.kind === "permission" ? askPermission(person) : askQuestions(request.questions, person);
}

async function askPermission({ ask }: Person): Promise<RequestAnswer | null> {
  for (;;) {
    const line = await ask("[a]llow / [d]eny / [q]uit: ");
    switch (line?.trim().toLowerCase()) {
      case "a":
      case "allow":
        return { choice: "allow" };
      case "d":
      case "deny":
        return await askWhy({ ask });
      case "q":
      case "quit":
      case undefined:
        return null;
    }
  }
}

async function askWhy({ ask }: Pick<Person, "ask">): Promise<RequestAnswer | null> {
  const message = await ask("Why, for the agent to read (Enter for nothing): ");
  if (message === null) return null;
  return message.trim() === "" ? { choice: "deny" } : { choice: "deny", message: message.trim() };
}

async function askQuestions(questions: readonly Question[], person: Person): Promise<RequestAnswer | null> {
  const answers: string[][] = [];
  for (const [index, question] of questions.entries()) {
    const labels = await askQuestion(question, questions.length > 1 ? `(${index + 1}) ` : "", person);
    if (labels === null) return null;
    answers.push(labels);
  }
  return { choice: "answers", answers };
}

async function askQuestion(question: Question, number: string, { ask, tell }: Person): Promise<string[] | null> {
  const prompt = `${number}${invitation(question)}: `;
  for (;;) {
    const line = await ask(prompt);
    if (line === null) return null;
    if (line.trim() === "") continue;
    const choice = readChoice(question, line);
    if ("labels" in choice) return choice.labels;
    tell(choice.problem);
  }
}

function invitation({ options, multiSelect }: Question): string {
  if (options.length === 0) return "Your answer (Ctrl-D quits)";
  return multiSelect
    ? "Numbers with commas between, or your own words (Ctrl-D quits)"
    : "A number, or your own words (Ctrl-D quits)";
}
