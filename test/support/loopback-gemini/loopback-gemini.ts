import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { type Answer, type MessageRequest, says } from "../loopback-api/answers.ts";
import type { LoopbackAnswers, LoopbackApi } from "../loopback-api/loopback-api.ts";
import { content, contentEvents } from "./content.ts";
import { readContentRequest } from "./request.ts";

/** Conversations are summed up and checked on the side: no tools come with those, and any text will do. */
const SIDE_ANSWER = says("ok");

const endpoint = /\/models\/(?<model>[^/:]+):(?<method>\w+)$/;

/** A model API on 127.0.0.1 that speaks as much of Google's as a coding agent needs, and says what the test told it to. */
export async function startLoopbackGemini(options: LoopbackAnswers): Promise<LoopbackApi> {
  const requests: MessageRequest[] = [];
  const turns: MessageRequest[] = [];

  async function answer(request: MessageRequest): Promise<Answer> {
    requests.push(request);
    return request.tools.length > 0 ? scripted(options, request, turns.push(request) - 1) : SIDE_ANSWER;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readText(request);
    const { pathname } = new URL(request.url ?? "/", "http://loopback");
    const { model = "", method } = endpoint.exec(pathname)?.groups ?? {};
    switch (method) {
      case "generateContent":
      case "streamGenerateContent": {
        const stream = method === "streamGenerateContent";
        const asked = readContentRequest({ model, stream }, body, request.headers);
        sendAnswer(response, asked, await answer(asked));
        return;
      }
      case "countTokens":
        sendJson(response, 200, { totalTokens: 10 });
        return;
      default:
        sendError(response, { code: 404, status: "NOT_FOUND", message: `no ${pathname} here` });
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      sendError(response, { code: 400, status: "INVALID_ARGUMENT", message: String(error) });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    turns,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function scripted(options: LoopbackAnswers, request: MessageRequest, turn: number): Answer | Promise<Answer> {
  if ("script" in options) return options.script(request, turn);
  if ("reply" in options) return says(options.reply);
  const { answers } = options;
  return answers[Math.min(turn, answers.length - 1)] ?? answers[0];
}

function sendAnswer(response: ServerResponse, { model, stream }: MessageRequest, answer: Answer): void {
  if (answer.kind === "refusal") {
    const { status, error, headers } = answer;
    const details = error.type === DAILY_QUOTA ? [dailyQuota(model)] : [];
    sendError(response, { code: status, status: error.type, message: error.message, details }, headers);
  } else if (stream) {
    response.writeHead(200, { "content-type": "text/event-stream" }).end(contentEvents(answer, model));
  } else {
    sendJson(response, 200, content(answer, model));
  }
}

/** The status of a refusal that says which quota is used up; others of the same code pass by themselves. */
const DAILY_QUOTA = "RESOURCE_EXHAUSTED";

function dailyQuota(model: string): unknown {
  return {
    "@type": "type.googleapis.com/google.rpc.QuotaFailure",
    violations: [
      {
        quotaMetric: "generativelanguage.googleapis.com/generate_requests_per_model_per_day",
        quotaId: "GenerateRequestsPerDayPerProjectPerModel",
        quotaDimensions: { model },
      },
    ],
  };
}

function sendError(
  response: ServerResponse,
  error: { code: number; status: string; message: string; details?: readonly unknown[] },
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, error.code, { error }, headers);
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: Record<string, unknown>,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
