import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type Answer, type MessageRequest, says, type Script } from "./answers.ts";

/** A model API on 127.0.0.1 that says what the test told it to. */
export interface LoopbackApi extends AsyncDisposable {
  /** As an agent's configuration wants it. */
  readonly url: string;
  /** Every request for an answer so far, side requests (titles and the like) included. */
  readonly requests: readonly MessageRequest[];
  /** Those of them that are turns of a conversation. */
  readonly turns: readonly MessageRequest[];
}

/** What every turn is answered with: always the same text, these answers one after the other (the last one repeats), or a script. */
export type LoopbackAnswers = { reply: string } | { answers: readonly [Answer, ...Answer[]] } | { script: Script };

/** One HTTP request, and what it takes to respond to it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
  readonly response: ServerResponse;
  /** What the test says to a request for an answer, and a number of its own for it. */
  readonly answerTo: (asked: MessageRequest) => Promise<{ answer: Answer; id: string }>;
}

/** How one vendor's API is spoken. */
export interface Dialect {
  /** What comes after the port in the address that agents are given. */
  readonly basePath: string;
  readonly serve: (call: Call) => Promise<void>;
  /** Says that it does not understand; `status` is 400 or 404. */
  readonly refuse: (response: ServerResponse, status: 400 | 404, message: string) => void;
}

/** Agents ask for titles, topics and quota checks on the side: no tools come with those, and any text will do. */
const SIDE_ANSWER = says("ok");

export async function startModelServer(options: LoopbackAnswers, dialect: Dialect): Promise<LoopbackApi> {
  const script = scriptOf(options);
  const requests: MessageRequest[] = [];
  const turns: MessageRequest[] = [];

  const answerTo: Call["answerTo"] = async (asked) => {
    const id = String(requests.push(asked));
    const isTurn = asked.tools.length > 0;
    return { id, answer: isTurn ? await script(asked, turns.push(asked) - 1) : SIDE_ANSWER };
  };

  const server = createServer((request, response) => {
    const { pathname: path } = new URL(request.url ?? "/", "http://loopback");
    const { method = "", headers } = request;
    buffer(request)
      .then((body) => dialect.serve({ method, path, headers, response, answerTo, body: body.toString("utf8") }))
      .catch((error: unknown) => dialect.refuse(response, 400, String(error)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${dialect.basePath}`,
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

function scriptOf(options: LoopbackAnswers): Script {
  if ("script" in options) return options.script;
  if ("reply" in options) return () => says(options.reply);
  const { answers } = options;
  return (_request, turn) => answers[Math.min(turn, answers.length - 1)] ?? answers[0];
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: Record<string, unknown>,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

export function sendEvents(response: ServerResponse, events: string): void {
  response.writeHead(200, { "content-type": "text/event-stream" }).end(events);
}
