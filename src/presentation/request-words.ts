import type { Session } from "../protocol/entities.ts";
import type { AgentRequest, Question } from "../protocol/requests.ts";
import { oneLine, visible } from "../protocol/visible.ts";
import { withoutLinks } from "./editor-text.ts";
import { programName } from "./wording.ts";

/** A notification shows no more than this without being scrolled or cut. */
const MAX_NOTIFIED_LENGTH = 200;
/** The editor's notifications have no lines; a break is marked, which is readable as long as there are few. */
const LINE_BREAK = " ⏎ ";
const MAX_LINES = 4;
const MAX_TITLE_LENGTH = 60;
const MAX_CHOICES = 3;
const MAX_CHOICE_LENGTH = 30;

/** What a click on a part of a notification does. */
export interface NoticeAction {
  readonly label: string;
  /** What it does, when the pointer rests on it. */
  readonly title: string;
  readonly command: string;
  readonly argument: RequestRef;
}

/** Names a request; with `choice`, the option of its only question at that place. */
export interface RequestRef {
  readonly sessionId: string;
  readonly requestId: string;
  readonly choice?: number;
}

/** A notification that a session waits. *Show* is on every one. */
export interface Notice {
  readonly text: string;
  readonly actions: readonly NoticeAction[];
}

/**
 * Whether a notification shows all of the request: then it can be allowed there. The editor takes brackets for links, and runs
 * spaces together.
 */
export function fitsInNotification(request: AgentRequest): boolean {
  const parts = partsOf(request);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return length <= MAX_NOTIFIED_LENGTH && parts.every(isShownAsItIs);
}

function partsOf(request: AgentRequest): string[] {
  return isAsking(request) ? request.questions.flatMap(partsOfQuestion) : [request.title, request.detail];
}

/** Whether it is the questions that matter: their detail says no more than they themselves. */
function isAsking({ kind, questions }: AgentRequest): boolean {
  return kind === "question" && questions.length > 0;
}

function partsOfQuestion({ text, header, options }: Question): string[] {
  return [text, header ?? "", ...options.flatMap(({ label, description }) => [label, description ?? ""])];
}

function isShownAsItIs(text: string): boolean {
  const isPlain = visible(text) === text && withoutLinks(text) === text;
  return isPlain && !/[ \u00a0]{2}|⏎/.test(text) && linesOf(text).length <= MAX_LINES;
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** What a notification says of a session that waits, and offers to do about it. */
export function noticeOf(session: Session): Notice {
  const { request, reason } = session;
  const who = `${oneLine(session.title, MAX_TITLE_LENGTH)} (${programName(session)})`;
  if (!request) return { text: withoutLinks(`${who}: ${oneLine(reason.text, MAX_NOTIFIED_LENGTH)}`), actions: [] };
  const verb = request.kind === "permission" ? "wants your permission" : "asks";
  const text = withoutLinks(`${who} ${verb}: ${askedText(request)}`);
  return { text, actions: request.isAnswerable ? actionsOf(session.id, request) : [] };
}

function askedText(request: AgentRequest): string {
  const [question, ...others] = request.questions;
  if (!fitsInNotification(request)) return oneLine(request.title, MAX_NOTIFIED_LENGTH);
  if (isAsking(request)) return others.length > 0 ? request.title : linesOf(question?.text ?? "").join(LINE_BREAK);
  const [first = "", ...further] = linesOf(request.detail);
  const title = linesOf(request.title).join(LINE_BREAK);
  // Most titles say the first line already.
  const isSaid = title.endsWith(first);
  return [isSaid ? title : `${title} — ${first}`, ...further].join(LINE_BREAK);
}

function actionsOf(sessionId: string, request: AgentRequest): NoticeAction[] {
  const argument: RequestRef = { sessionId, requestId: request.id };
  if (request.kind === "question") {
    const choices = choicesOf(request).map((label, choice) => ({
      label,
      title: "Give this answer",
      command: "tally.answerQuestion",
      argument: { ...argument, choice },
    }));
    const inWords = {
      label: "Answer...",
      title: "Choose or type an answer",
      command: "tally.answerQuestion",
      argument,
    };
    return choices.length > 0 ? choices : [inWords];
  }
  const first = fitsInNotification(request)
    ? { label: "Allow", title: "Allow what is shown here", command: "tally.allow", argument }
    : { label: "Review...", title: "Show all of it first", command: "tally.reviewRequest", argument };
  return [first, { label: "Deny", title: "Do not allow it", command: "tally.deny", argument }];
}

/** The answers that fit on a notification; none when they are too many, too long, or may be chosen together. */
function choicesOf(request: AgentRequest): string[] {
  const [question, ...others] = request.questions;
  if (!question || others.length > 0 || question.multiSelect || !fitsInNotification(request)) return [];
  const labels = question.options.map(({ label }) => label);
  const areFew = labels.length > 0 && labels.length <= MAX_CHOICES;
  return areFew && labels.every((label) => /^[^[\]()]+$/.test(label) && label.length <= MAX_CHOICE_LENGTH)
    ? labels
    : [];
}

/** All of a request, to be read before it is answered. What the agent wrote comes last, so nothing of it passes for ours. */
export function requestText(session: Session, request: AgentRequest): string {
  const who = `${oneLine(session.title, MAX_TITLE_LENGTH)} (${programName(session)})`;
  const verb = request.kind === "permission" ? "wants your permission." : "asks you.";
  const head = `${who} ${verb}\nIn ${oneLine(session.cwd, MAX_NOTIFIED_LENGTH)}`;
  const { title, detail, questions } = request;
  const words = isAsking(request) ? questions.map(inFull) : [title, detail].filter((part) => part !== "");
  return `${[head, "The agent's own words, all of them:", ...words.map(visible)].join("\n\n")}\n`;
}

function inFull({ text, header, options, multiSelect }: Question): string {
  const choices = options.map(({ label, description }, index) => {
    return `  ${index + 1}. ${label}${description === null || description === "" ? "" : `: ${description}`}`;
  });
  const heading = header === null || header === "" ? text : `${header}: ${text}`;
  return [heading, ...(multiSelect ? ["(several answers possible)"] : []), ...choices].join("\n");
}
