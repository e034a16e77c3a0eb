import type { AgentRequest, Question } from "../../protocol/requests.ts";
import type { Surface } from "./surface.ts";
import { visible } from "../../protocol/visible.ts";
import { wrapTo } from "./width.ts";

/** Stands before every line that the agent wrote, so that nothing of it can pass for ours. */
const AGENT_LINE = "│ ";
/** The same for a line that only the terminal's width has broken. */
const CONTINUED_LINE = "╎ ";

/** The request in full: what a person must have seen before they allow it. */
export function formatRequest(request: AgentRequest, { style, width }: Pick<Surface, "style" | "width">): string[] {
  const heading = request.kind === "permission" ? "It wants your permission" : "It asks you";
  const asked = request.questions.map((question, index) => questionText(question, index, request.questions.length));
  return [
    style("bold", `${heading}: ${oneLine(request.title)}`),
    ...(addsNothing(request) ? [] : agentLines(request.detail, width)),
    ...asked.flatMap((text) => agentLines(text, width)),
  ];
}

/** Whether the detail is what the questions say anyway, word for word. */
function addsNothing({ detail, questions }: AgentRequest): boolean {
  return detail === "" || detail === questions.map(({ text }) => text).join("\n");
}

/** Text of the agent's, line by line, each marked as such. */
export function agentLines(text: string, width: number | null): string[] {
  return visible(text)
    .split("\n")
    .flatMap((line) => {
      const [first = "", ...more] = width === null ? [line] : wrapTo(line, Math.max(1, width - AGENT_LINE.length));
      return [AGENT_LINE + first, ...more.map((piece) => CONTINUED_LINE + piece)];
    });
}

function questionText({ text, header, options, multiSelect }: Question, index: number, count: number): string {
  const number = count > 1 ? `(${index + 1}) ` : "";
  const title = header === null || header === "" ? text : `${header}: ${text}`;
  const choices = options.map(({ label, description }, at) => {
    const words = description === null || description === "" ? label : `${label} - ${description}`;
    return `  ${at + 1}. ${words.replaceAll("\n", "\n     ")}`;
  });
  const several = multiSelect ? " (several may be chosen)" : "";
  return [`${number}${title}${several}`, ...choices].join("\n");
}

/** Text of the agent's within a line of ours. */
export function oneLine(text: string): string {
  return visible(text).replaceAll("\n", " ");
}
