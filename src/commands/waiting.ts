import { TallyError } from "../protocol/errors.ts";
import type { AgentRequest, RequestAnswer } from "../protocol/requests.ts";
import { oneLine } from "../protocol/visible.ts";
import { nextWaiting } from "../presentation/next-waiting.ts";
import type { Asking } from "../views/open-requests.ts";
import { requestHeading } from "../presentation/request-heading.ts";
import { fitsInNotification, type RequestRef } from "../presentation/request-words.ts";
import { waitingSessions } from "../presentation/tree-model.ts";
import { askInDialog, type Dialog, showInStatusBar } from "../views/messages.ts";
import { askAnswers } from "./ask-answers.ts";
import { chooseRequest, sayGone, severalRequests } from "./choose-request.ts";
import { showTerminal } from "./sessions.ts";
import { oneOrMany, withEach } from "./several.ts";
import type { Tally } from "./tally.ts";

const SAID_MS = 3_000;
const MAX_SAID_LENGTH = 80;

/** Goes to the session that waits longest, and from there to the next. */
export async function nextWaitingSession(tally: Tally): Promise<void> {
  const session = nextWaiting(waitingSessions(tally.link.live.model), tally.terminals.frontSessionId());
  if (session) await showTerminal(tally, session.id);
  else showInStatusBar("Tally: no session waits for you", SAID_MS);
}

/** Allows what an agent asks for; what the person has not seen in full is shown first. */
export async function allow(tally: Tally, target?: unknown, selected?: unknown): Promise<void> {
  const several = severalRequests(tally, target, selected);
  if (several !== null) return allowSeveral(tally, several);
  const chosen = await chooseRequest(tally, target, ["permission"]);
  if (!chosen) return;
  if (!chosen.isShown && !fitsInNotification(chosen.request)) await tally.attention.documents.open(chosen);
  else if (chosen.isShown || (await confirmAllow(chosen))) await answer(tally, chosen, { choice: "allow" });
}

export async function deny(tally: Tally, target?: unknown, selected?: unknown): Promise<void> {
  const several = severalRequests(tally, target, selected);
  if (several !== null) return withEach(several, (asking) => answer(tally, asking, { choice: "deny" }));
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

/** Asked once, of all that can be shown in that question; what is longer is opened to be read, each in a document of its own. */
async function allowSeveral(tally: Tally, requests: readonly Asking[]): Promise<void> {
  const short = requests.filter(({ request }) => fitsInNotification(request));
  const detail = short.map(
    ({ session, request }) => `${oneLine(session.title, MAX_SAID_LENGTH)}\n${askedInFull(request)}`,
  );
  const allow = short.length === 1 ? "Allow" : `Allow All ${short.length}`;
  const message = `Allow this to ${oneOrMany(
    short.map(({ session }) => session.title),
    "sessions",
  )}?`;
  if (short.length > 0) {
    const dialog: Dialog = { message, detail, severity: "information" };
    if ((await askInDialog(dialog, allow)) !== allow) return;
    await withEach(short, (asking) => answer(tally, asking, { choice: "allow" }));
  }
  for (const asking of requests) if (!short.includes(asking)) await tally.attention.documents.open(asking);
}

async function confirmAllow({ session, request }: Asking): Promise<boolean> {
  const message = `Allow "${oneLine(session.title, MAX_SAID_LENGTH)}" to do this?`;
  const dialog: Dialog = { message, detail: askedInFull(request), severity: "information" };
  return (await askInDialog(dialog, "Allow")) === "Allow";
}

/** What is wanted, and all that its tool is called with. */
function askedInFull(request: AgentRequest): string {
  const heading = requestHeading(request);
  return request.detail === "" ? heading : `${heading}\n\n${request.detail}`;
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
  showInStatusBar(`${done}: ${oneLine(request.title, MAX_SAID_LENGTH)}`, SAID_MS);
}
