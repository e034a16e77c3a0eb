import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";
import * as z from "zod";
import { type ErrorCode, TallyError } from "../../protocol/errors.ts";
import { routes, type RouteShape, type ServerSentEvent, type SocketName, sockets } from "../../protocol/routes.ts";
import type { Log } from "../log.ts";
import { answerJson, answerPage, answerProblem, refusedUpgrade } from "./answers.ts";
import { checkAccess, concealToken, pathOf } from "./access.ts";
import { hasBody, readJson } from "./body.ts";
import { answerEvents } from "./event-stream.ts";
import { RateLimit } from "./rate-limit.ts";
import { findRoute, matchPath, parseWith, type RouteHandlers } from "./router.ts";

/** Takes over a socket whose request was allowed; may throw a {@link TallyError} before it accepts. */
export type SocketHandlers = {
  readonly [N in SocketName]: (
    request: { params: Readonly<Record<string, string>>; query: unknown },
    accept: () => Promise<WebSocket>,
  ) => void | Promise<void>;
};

export interface HttpServerOptions {
  readonly token: string;
  readonly log: Log;
  readonly routes: RouteHandlers;
  readonly sockets: SocketHandlers;
  /** Something was asked of the gateway. */
  readonly onActivity: () => void;
}

/** Typing and pasting come in small frames; a paste of this size is split by every client. */
const MAX_SOCKET_FRAME_BYTES = 8 * 1024 * 1024;
const RATE = { burst: 2_000, perSecond: 1_000 };
/** Guessing tokens is hopeless anyway; this keeps it from being loud. */
const REFUSED_RATE = { burst: 3_000, perSecond: 100 };

/** How long answers under way may take, and then open sockets to say goodbye, when the gateway stops. */
const DRAIN_MS = 2_000;
const FAREWELL_MS = 500;

const strangers: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "unauthorized",
  "host-refused",
  "origin-refused",
  "too-many-requests",
]);

interface Answer {
  /** What the handler has answered. */
  readonly answer: unknown;
  /** The request, for the log. */
  readonly what: string;
  readonly gone: AbortController;
}

/** The gateway's HTTP and WebSocket server, on loopback only. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_SOCKET_FRAME_BYTES,
  });
  readonly #rate = new RateLimit({ ...RATE, now: Date.now });
  readonly #strangerLogRate = new RateLimit({ burst: 20, perSecond: 1, now: Date.now });
  readonly #refusedRate = new RateLimit({ ...REFUSED_RATE, now: Date.now });
  readonly #underWay = new Set<Promise<void>>();
  /** What ends the event streams that are open. */
  readonly #streams = new Set<AbortController>();
  #isClosing = false;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      const answered = this.#answer(request, response).finally(() => this.#underWay.delete(answered));
      this.#underWay.add(answered);
    });
    this.#server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      void this.#upgrade(request, socket, head);
    });
    this.#server.on("clientError", (_error, socket) => socket.destroy());
  }

  /** Listens on `port`, or on a free one when that is taken. Returns the port. */
  async listen(port: number): Promise<number> {
    return this.#listenOn(port).catch((error: unknown) => {
      // EACCES: Windows keeps ranges of ports for itself.
      if (!["EADDRINUSE", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      return this.#listenOn(0);
    });
  }

  /** Open sockets: windows, terminals, followers of events. */
  get clients(): number {
    return this.#sockets.clients.size;
  }

  /** Takes no more requests, and gives those under way a while to be answered. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const socket of this.#sockets.clients) socket.close(1001, "gateway-stopping");
    for (const stream of this.#streams) stream.abort();
    this.#server.closeIdleConnections();
    await Promise.race([Promise.allSettled(this.#underWay), delay(DRAIN_MS, undefined, { ref: false })]);
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      setTimeout(() => {
        for (const socket of this.#sockets.clients) socket.terminate();
        this.#server.closeAllConnections();
      }, FAREWELL_MS).unref();
    });
  }

  #listenOn(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => {
        this.#server.off("error", reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** @throws {TallyError} when the request may not be answered. */
  #admit(request: IncomingMessage): URL {
    try {
      checkAccess(request, this.#options.token);
    } catch (error) {
      throw this.#refusedRate.take() ? error : tooMany();
    }
    if (!this.#rate.take()) throw tooMany();
    if (this.#isClosing)
      throw new TallyError("gateway-stopping", "The gateway is stopping. Start it again: tally gateway start");
    this.#options.onActivity();
    const url = `http://127.0.0.1${pathOf(request)}`;
    if (!URL.canParse(url)) throw new TallyError("route-not-found", "That is no path of the gateway.");
    return new URL(url);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) gone.abort();
    });
    const what = `${request.method ?? ""} ${pathOf(request).split("?")[0] ?? ""}`;
    try {
      const url = this.#admit(request);
      const { name, params } = findRoute(request.method ?? "GET", url.pathname);
      const route: RouteShape = routes[name];
      const body = route.body && parseWith(route.body, await bodyOf(request), "body");
      const query = parseWith(route.query, Object.fromEntries(url.searchParams), "query");
      const { localPort = 0, remotePort = 0 } = request.socket;
      const connection = { localPort, remotePort };
      const { signal } = gone;
      const handler = this.#options.routes[name] as unknown as (input: unknown) => unknown;
      const answer = await handler({ params, body, query, connection, signal });
      await this.#respond(response, route, { answer, what, gone });
    } catch (error) {
      // An unread body would be taken for the next request on this connection.
      if (!request.complete) response.setHeader("connection", "close");
      answerProblem(response, this.#failureOf(error, what));
    }
  }

  /** Parsing drops what is internal, and keeps the answer to what the schema promises. */
  async #respond(response: ServerResponse, route: RouteShape, { answer, what, gone }: Answer): Promise<void> {
    const status = route.status ?? 200;
    switch (route.answers) {
      case undefined:
        answerJson(response, status, route.result.parse(answer));
        break;
      case "text/html":
        answerPage(response, status, z.string().parse(answer));
        break;
      case "text/event-stream": {
        this.#streams.add(gone);
        await answerEvents(response, answer as AsyncIterable<unknown>, {
          status,
          signal: gone.signal,
          eventOf: (value) => route.result.parse(value) as ServerSentEvent,
          failureOf: (error) => this.#failureOf(error, what),
        }).finally(() => this.#streams.delete(gone));
      }
    }
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    try {
      const url = this.#admit(request);
      const found = (Object.keys(sockets) as SocketName[])
        .map((name) => ({ name, params: matchPath(sockets[name].path, url.pathname) }))
        .find(({ params }) => params !== null);
      if (!found?.params) throw new TallyError("route-not-found", `There is no socket at ${url.pathname}.`);
      const query = parseWith(sockets[found.name].query, Object.fromEntries(url.searchParams), "query");
      const accept = () =>
        new Promise<WebSocket>((resolve) => {
          this.#sockets.handleUpgrade(request, socket, head, (accepted) => {
            accepted.on("close", () => this.#options.onActivity());
            resolve(accepted);
          });
        });
      await this.#options.sockets[found.name]({ params: found.params, query }, accept);
    } catch (error) {
      socket.end(refusedUpgrade(this.#failureOf(error, `socket ${pathOf(request).split("?")[0] ?? ""}`)));
    }
  }

  #failureOf(error: unknown, what: string): TallyError {
    const conceal = (text: string) => concealToken(text, this.#options.token);
    if (error instanceof TallyError) {
      // Whoever is let in may fill the log; strangers may not.
      if (!strangers.has(error.code) || this.#strangerLogRate.take()) {
        this.#options.log.warn("refused", { what: conceal(what), code: error.code, message: conceal(error.message) });
      }
      return error;
    }
    this.#options.log.error("failed", { what: conceal(what), error });
    return new TallyError("internal", "The gateway failed at this. Its log says more: tally gateway logs");
  }
}

function bodyOf(request: IncomingMessage): Promise<unknown> {
  return hasBody(request) ? readJson(request) : Promise.resolve(undefined);
}

function tooMany(): TallyError {
  return new TallyError("too-many-requests", "Too many requests at once. Try again in a second.");
}
