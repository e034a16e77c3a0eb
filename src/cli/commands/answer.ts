import { isatty } from "node:tty";
import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { AgentRequest, RequestAnswer } from "../../protocol/requests.ts";
import { isEnded } from "../../protocol/states.ts";
import { answerTo, type GivenAnswer, readAnswerOptions } from "../answer/answer-from-options.ts";
import { askUnlessGone } from "../answer/ask-unless-gone.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { parentLookup, refuseInsideSession } from "../inside-session.ts";
import { print, printJson } from "../screen/print.ts";
import { formatRequest, oneLine } from "../screen/request-text.ts";
import { wordsOf } from "../screen/session-words.ts";
import { surfaceOf } from "../screen/surface.ts";
import { say } from "../talk.ts";
import { readArguments } from "../usage.ts";
import { resolveSession } from "../resolve-session.ts";

const options = {
  allow: { type: "boolean" },
  deny: { type: "boolean" },
  message: { type: "string" },
  choose: { type: "string", multiple: true },
  text: { type: "string", multiple: true },
  request: { type: "string" },
  json: { type: "boolean" },
} as const;

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { client, env } = context;
  const { values, operands, given } = readArguments(args, options, ["id"]);
  const givenAnswer = readAnswerOptions(given);
  const sessions = async () => (await client.call("snapshot", {})).sessions;
  await refuseInsideSession({ env, pid: process.pid, parentOf: parentLookup(), sessions, deed: "answer" });

  const session = await resolveSession(client, operands[0]);
  const { request } = session;
  if (values.request !== undefined && request?.id !== values.request) {
    throw new TallyError("request-gone", "It does not ask this any more: it was answered, or taken back.");
  }
  if (request === null) {
    say(`tally answer: ${whyNothingAsked(session)}`);
    return exitCodes.failure;
  }
  const open: OpenRequest = { session, request, json: values.json ?? false, context };
  if (givenAnswer !== null) return answerAsGiven(open, givenAnswer, values.request !== undefined);
  return isatty(0) && isatty(2) ? answerAsAsked(open) : showHowToAnswer(open);
}

interface OpenRequest {
  readonly session: Session;
  readonly request: AgentRequest;
  readonly json: boolean;
  readonly context: CliContext;
}

/** What nobody has named is shown before it is allowed. */
async function answerAsGiven(open: OpenRequest, given: GivenAnswer, isNamed: boolean): Promise<number> {
  if (given.kind === "allow" && !isNamed) showRequest(open);
  requireAnswerable(open);
  return send(open, answerTo(open.request, given));
}

async function answerAsAsked(open: OpenRequest): Promise<number> {
  showRequest(open);
  requireAnswerable(open);
  const answer = await askUnlessGone(open.session.id, open.request, open.context);
  if (answer === "gone") {
    say("It does not ask this any more: it was answered elsewhere, or taken back.");
    return exitCodes.ok;
  }
  if (answer === null) {
    say("Nothing answered.");
    return exitCodes.failure;
  }
  return send(open, answer);
}

/** For a program, or a person without a terminal: the request, and how to answer it. */
function showHowToAnswer({ session, request, json, context: { env } }: OpenRequest): number {
  if (json) printJson(request);
  else print(formatRequest(request, surfaceOf(process.stdout, env)));
  const how = request.kind === "permission" ? "--allow or --deny" : "--choose N or --text TEXT, or --deny";
  say(`tally answer: ${request.isAnswerable ? `Say what to answer: ${how}.` : whereToAnswer(session)}`);
  return exitCodes.usage;
}

function showRequest({ request, context: { env } }: OpenRequest): void {
  const { isTTY, rows } = process.stderr;
  const lines = formatRequest(request, surfaceOf(process.stderr, env));
  say(lines.join("\n"));
  if (isTTY && lines.length >= rows) say(`These were ${lines.length} lines: scroll up for the beginning.`);
}

function requireAnswerable({ session, request }: OpenRequest): void {
  if (!request.isAnswerable) throw new TallyError("not-answerable", whereToAnswer(session));
}

async function send({ session: { id }, request, json, context }: OpenRequest, answer: RequestAnswer): Promise<number> {
  const body = { requestId: request.id, answer };
  const { session } = await context.client.call("answerSession", { id, body });
  say(`${answeredWords[answer.choice]}: ${oneLine(request.title)}`);
  if (json) printJson(session);
  return exitCodes.ok;
}

const answeredWords: Record<RequestAnswer["choice"], string> = {
  allow: "Allowed",
  deny: "Denied",
  answers: "Answered",
};

function whyNothingAsked(session: Session): string {
  const { state, reason } = session;
  if (isEnded(session)) return `It asks nothing: it has ended. ${oneLine(reason.text)}`;
  if (state !== "WAITING_USER") return `It asks nothing: it is ${wordsOf(session).word}. ${oneLine(reason.text)}`;
  return `${oneLine(reason.text)} ${whereToAnswer(session)}`;
}

function whereToAnswer({ id, mode }: Session): string {
  return mode === "pty" ? `Answer in its terminal: tally attach ${id}` : "Answer where it was started.";
}
