import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { type Answer, type MessageRequest, says, type Script } from "./answers.ts";
import { messageBody, messageEvents } from "./message.ts";
import { readMessageRequest } from "./request.ts";

/** A model API on 127.0.0.1 that speaks as much of Anthropic's as a coding agent needs, and says what the test told it to. */
export interface LoopbackApi extends AsyncDisposable {
  readonly url: string;
  /** Every request for a message so far, side requests (titles and the like) included. */
  readonly requests: readonly MessageRequest[];
  /** Those of them that are turns of a conversation. */
  readonly turns: readonly MessageRequest[];
}

/** What every turn is answered with: always the same text, these answers one after the other (the last one repeats), or a script. */
export type LoopbackAnswers = { reply: string } | { answers: readonly [Answer, ...Answer[]] } | { script: Script };

function scriptOf(options: LoopbackAnswers): Script {
  if ("script" in options) return options.script;
  if ("reply" in options) return () => says(options.reply);
  const { answers } = options;
  return (_request, turn) => answers[Math.min(turn, answers.length - 1)] ?? answers[0];
}

/** Agents ask for titles, topics and quota checks on the side: no tools come with those, and any text will do. */
const SIDE_ANSWER = says("ok");

export async function startLoopbackApi(options: LoopbackAnswers): Promise<LoopbackApi> {
  const script = scriptOf(options);
  const requests: MessageRequest[] = [];
  const turns: MessageRequest[] = [];

  async function answer(request: MessageRequest): Promise<Answer> {
    const isTurn = request.tools.length > 0;
    return isTurn ? script(request, turns.push(request) - 1) : SIDE_ANSWER;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readText(request);
    const { pathname } = new URL(request.url ?? "/", "http://loopback");
    switch (`${request.method ?? ""} ${pathname}`) {
      case "POST /v1/messages": {
        const asked = readMessageRequest(body, request.headers);
        const id = String(requests.push(asked));
        sendAnswer(response, asked, await answer(asked), id);
        return;
      }
      case "POST /v1/messages/count_tokens":
        sendJson(response, 200, { input_tokens: 10 });
        return;
      case "GET /v1/models":
        sendJson(response, 200, { data: [], has_more: false, first_id: null, last_id: null });
        return;
      default:
        sendJson(response, 404, { type: "error", error: { type: "not_found_error", message: `no ${pathname} here` } });
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      sendJson(response, 400, { type: "error", error: { type: "invalid_request_error", message: String(error) } });
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

function sendAnswer(response: ServerResponse, asked: MessageRequest, answer: Answer, id: string): void {
  if (answer.kind === "refusal") {
    sendJson(response, answer.status, { type: "error", error: answer.error }, answer.headers);
  } else if (asked.stream) {
    response.writeHead(200, { "content-type": "text/event-stream" }).end(messageEvents(answer, asked.model, id));
  } else {
    sendJson(response, 200, messageBody(answer, asked.model, id));
  }
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: Record<string, unknown>,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
