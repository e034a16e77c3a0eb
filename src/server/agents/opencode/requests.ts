import type { AgentRequest, RequestAnswer } from "../../../protocol/requests.ts";
import type { AnswerCall, Whereabouts } from "../adapter.ts";
import { firstLine } from "../first-line.ts";
import type { Permission, QuestionRequest } from "./payloads.ts";
import { headersFor, serverAt } from "./server.ts";

export type Asked = Omit<AgentRequest, "at" | "isAnswerable">;
/** What a tool was called with. */
export type ToolInput = Readonly<Record<string, unknown>>;

/** @param input of the tool call that asks, where known: some tools put nothing into the request itself. */
export function permissionRequest(permission: Permission, input: ToolInput | undefined): Asked {
  const { command, filepath, url } = permission.metadata;
  const subject = [command, filepath, url].find((each) => typeof each === "string") ?? permission.patterns.join(", ");
  const title = subject === "*" || subject === "" ? permission.permission : `${permission.permission}: ${subject}`;
  return {
    id: permission.id,
    kind: "permission",
    title: firstLine(title),
    detail: permissionDetail(permission, input),
    questions: [],
  };
}

/** Everything that would be allowed: the command or the change itself, then what else is told of it. */
function permissionDetail({ patterns, metadata, permission }: Permission, input: ToolInput = {}): string {
  const { command, diff, ...others } = metadata;
  const isTold = Object.keys(metadata).length > 0;
  const { workdir } = input;
  const lines = [
    ...[command].filter((each) => typeof each === "string"),
    ...described(isTold ? (typeof workdir === "string" ? { ...others, workdir } : others) : input),
    ...[diff].filter((each) => typeof each === "string"),
  ];
  const text = lines.join("\n");
  const untold = patterns.filter((pattern) => pattern !== "*" && !text.includes(pattern));
  if (lines.length + untold.length > 0) return [...lines, ...untold].join("\n");
  return `${permission}\nWhat it is called with is not known here. Its terminal shows it.`;
}

function described(values: ToolInput): string[] {
  return Object.entries(values).map(
    ([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
}

export function questionRequest({ id, questions }: QuestionRequest): Asked {
  return {
    id,
    kind: "question",
    title: firstLine(questions[0]?.question ?? ""),
    detail: questions.map(({ question }) => question).join("\n"),
    questions: questions.map(({ question, header, options, multiple }) => ({
      text: question,
      header: header ?? null,
      options: options.map(({ label, description }) => ({ label, description: description ?? null })),
      multiSelect: multiple,
    })),
  };
}

/** @throws when the launch has no server that could be asked; then nothing was heard of a request either. */
export function answerCall(whereabouts: Whereabouts, request: AgentRequest, answer: RequestAnswer): AnswerCall {
  const server = serverAt(whereabouts);
  if (!server) throw new Error(`opencode's request ${request.id} came from no server`);
  const { path, body } = reply(request, answer);
  return {
    url: `${server.url}${path}`,
    headers: headersFor(server),
    body,
    // A path that it does not know is answered with 200 and a web page.
    isTaken: (status, text) => status === 200 && text.trim() === "true",
  };
}

function reply({ id, kind }: AgentRequest, answer: RequestAnswer): { path: string; body: unknown } {
  const base = `/${kind}/${encodeURIComponent(id)}`;
  switch (answer.choice) {
    case "allow":
      return { path: `${base}/reply`, body: { reply: "once" } };
    case "answers":
      return { path: `${base}/reply`, body: { answers: answer.answers } };
    case "deny": {
      if (kind === "question") return { path: `${base}/reject`, body: {} };
      // With a message the turn goes on; without one it ends there.
      const { message } = answer;
      return { path: `${base}/reply`, body: { reply: "reject", ...(message !== undefined && { message }) } };
    }
  }
}
