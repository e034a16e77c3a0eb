import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type Answer, type MessageRequest, says, type Script } from "../loopback-api/answers.ts";
import { responseEvents } from "./events.ts";
import { readResponseRequest } from "./request.ts";

/** A model API on 127.0.0.1 that speaks as much of OpenAI's Responses as a coding agent needs, and says what the test told it to. */
export interface LoopbackResponses extends AsyncDisposable {
  /** With its `/v1`, as a model provider's `base_url` has it. */
  readonly url: string;
  /** Every request for a response so far, side requests (titles and the like) included. */
  readonly requests: readonly MessageRequest[];
  /** Those of them that are turns of a conversation. */
  readonly turns: readonly MessageRequest[];
}

/** Agents ask for titles on the side: no tools come with those, and any text will do. */
const SIDE_ANSWER = says("ok");

/** @param script answers every turn. */
export async function startLoopbackResponses({ script }: { script: Script }): Promise<LoopbackResponses> {
  const requests: MessageRequest[] = [];
  const turns: MessageRequest[] = [];

  async function answer(request: MessageRequest): Promise<Answer> {
    requests.push(request);
    const isTurn = request.tools.length > 0;
    return isTurn ? script(request, turns.push(request) - 1) : SIDE_ANSWER;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { pathname } = new URL(request.url ?? "/", "http://loopback");
    switch (`${request.method ?? ""} ${pathname}`) {
      case "POST /v1/responses": {
        const asked = readResponseRequest(body.toString("utf8"), request.headers);
        sendAnswer(response, asked, await answer(asked), String(requests.length));
        return;
      }
      case "GET /v1/models":
        sendJson(response, 200, { object: "list", data: [], models: [] });
        return;
      default:
        sendJson(response, 404, { error: { type: "not_found", message: `no ${pathname} here` } });
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      sendJson(response, 400, { error: { type: "invalid_request_error", message: String(error) } });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
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
  if (answer.kind === "refusal") sendJson(response, answer.status, { error: answer.error }, answer.headers);
  else response.writeHead(200, { "content-type": "text/event-stream" }).end(responseEvents(answer, asked.model, id));
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: Record<string, unknown>,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
