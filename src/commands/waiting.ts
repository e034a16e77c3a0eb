import * as vscode from "vscode";
import { TallyError } from "../protocol/errors.ts";
import type { AgentRequest, RequestAnswer } from "../protocol/requests.ts";
import { oneLine } from "../protocol/visible.ts";
import { nextWaiting } from "../views/next-waiting.ts";
import type { Asking } from "../views/open-requests.ts";
import { fitsInNotification, type RequestRef } from "../views/request-words.ts";
import { waitingSessions } from "../views/tree-model.ts";
import { askAnswers } from "./ask-answers.ts";
import { chooseRequest, sayGone } from "./choose-request.ts";
import { showTerminal } from "./sessions.ts";
import type { Tally } from "./tally.ts";

const SAID_MS = 3_000;
const MAX_SAID_LENGTH = 80;

/** Goes to the session that waits longest, and from there to the next. */
export async function nextWaitingSession(tally: Tally): Promise<void> {
  const session = nextWaiting(waitingSessions(tally.link.live.model), tally.terminals.frontSessionId());
  if (session) await showTerminal(tally, session.id);
  else vscode.window.setStatusBarMessage("Tally: no session waits for you", SAID_MS);
}

/** Allows what an agent asks for; what the person has not seen in full is shown first. */
export async function allow(tally: Tally, target?: unknown): Promise<void> {
  const chosen = await chooseRequest(tally, target, ["permission"]);
  if (!chosen) return;
  if (!chosen.isShown && !fitsInNotification(chosen.request)) await tally.attention.documents.open(chosen);
  else if (chosen.isShown || (await confirmAllow(chosen))) await answer(tally, chosen, { choice: "allow" });
}

export async function deny(tally: Tally, target?: unknown): Promise<void> {
  const chosen = await chooseRequest(tally, target, ["permission"]);
  if (chosen) await answer(tally, chosen, { choice: "deny" });
}

/** Shows all of what an agent asks, in a document from which it can be answered. */
export async function reviewRequest(tally: Tally, target?: unknown): Promise<void> {
  const chosen = await chooseRequest(tally, target, ["permission", "question"]);
  if (chosen) await tally.attention.documents.open(chosen);
}

/** Answers an agent's question: with what was clicked, or else with what the person picks or types. */
export async function answerQuestion(tally: Tally, target?: unknown): Promise<void> {
  const chosen = await chooseRequest(tally, target, ["question"]);
  if (!chosen) return;
  const { session, request, isShown } = chosen;
  const clicked = request.questions[0]?.options[(target as Partial<RequestRef> | undefined)?.choice ?? -1];
  if (clicked) return answer(tally, chosen, { choice: "answers", answers: [[clicked.label]] });
  // The list shows only the beginning of a long question.
  if (!isShown && !fitsInNotification(request)) await tally.attention.documents.open(chosen);
  const isOver = tally.attention.requests.untilOver({ sessionId: session.id, requestId: request.id });
  const answers = await askAnswers(request.questions, isOver);
  if (answers) await answer(tally, chosen, { choice: "answers", answers });
  else if (isOver.isCancellationRequested) sayGone();
}

async function confirmAllow({ session, request }: Asking): Promise<boolean> {
  const choice = await vscode.window.showInformationMessage(
    `Allow "${oneLine(session.title, MAX_SAID_LENGTH)}" to do this?`,
    { modal: true, detail: askedInFull(request) },
    "Allow",
  );
  return choice === "Allow";
}

/** The tool, and all that it is called with, said once: the title of most requests repeats the beginning of their detail. */
function askedInFull({ title, detail }: AgentRequest): string {
  const [tool = "", ...subject] = title.split(": ");
  if (detail === "") return title;
  return `${detail.startsWith(subject.join(": ")) ? tool : title}\n\n${detail}`;
}

async function answer({ link }: Tally, { session, request }: Asking, given: RequestAnswer): Promise<void> {
  try {
    await link.client.call("answerSession", { id: session.id, body: { requestId: request.id, answer: given } });
  } catch (error) {
    if (!(error instanceof TallyError) || error.code !== "request-gone") throw error;
    sayGone();
    return;
  }
  const done = { allow: "Allowed", deny: "Denied", answers: "Answered" }[given.choice];
  vscode.window.setStatusBarMessage(`${done}: ${oneLine(request.title, MAX_SAID_LENGTH)}`, SAID_MS);
}
