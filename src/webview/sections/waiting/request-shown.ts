import type { Session } from "../../../protocol/entities.ts";
import type { AgentRequest } from "../../../protocol/requests.ts";
import { visible } from "../../../protocol/visible.ts";

/** What is longer is folded at first, and nothing of it can be allowed before it was unfolded. */
const MAX_WHOLE = { lines: 12, chars: 800 };
/** So much of it is seen then: some eight lines, so that several requests can be taken in at once. */
const BEGINNING = { lines: 8, chars: 480 };

/** All of what would be allowed, and as much of it as is seen at first. */
export interface ShownDetail {
  readonly whole: string;
  /** The same text where all of it is seen at once. */
  readonly beginning: string;
  readonly lines: number;
}

export function shownDetail({ detail }: Pick<AgentRequest, "detail">): ShownDetail {
  const whole = visible(detail);
  const lines = whole.split("\n");
  const isLong = lines.length > MAX_WHOLE.lines || whole.length > MAX_WHOLE.chars;
  const beginning = isLong ? lines.slice(0, BEGINNING.lines).join("\n").slice(0, BEGINNING.chars) : whole;
  return { whole, beginning, lines: lines.length };
}

/** Why an answer cannot be given here, and where it can; null where it can. */
export function whyNotAnswerable({ mode, request }: Session): string | null {
  const canAnswer = request?.isAnswerable === true && (request.kind === "permission" || request.questions.length > 0);
  if (canAnswer) return null;
  switch (mode) {
    case "pty":
      return request === null
        ? "What it asks is only in its terminal: look there."
        : "Its agent takes the answer only in its terminal: answer there.";
    case "pipes":
      return "It runs in the terminal of the command that started it: answer there.";
    case "external":
      return "Another tool started it in a terminal of its own: answer there.";
    case "headless":
      return "It runs without a terminal, and nobody can answer it here. See its output.";
  }
}
