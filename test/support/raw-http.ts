import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { WebSocket } from "ws";
import type { Problem } from "../../src/protocol/errors.ts";

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly json: unknown;
  /** The error's code, where the answer is one. */
  readonly code: string | undefined;
}

/** A request exactly as given: nothing of our client adds to it. */
export function send(url: string, { method = "GET", path, headers = {}, body }: RawRequest): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url + path, { method, headers }, (incoming) => resolve(answerOf(incoming)));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function answerOf(incoming: IncomingMessage): Promise<RawResponse> {
  const json = JSON.parse(await text(incoming)) as Partial<Problem>;
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, json, code: json.code };
}

/** Tries to open a socket that is refused. */
export function sendUpgrade(url: string, { path, headers = {} }: RawRequest): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace(/^http/, "ws") + path, { headers });
    socket.on("unexpected-response", (_outgoing, incoming) => resolve(answerOf(incoming)));
    socket.on("error", reject);
  });
}

/** Tries to open a socket; resolves with the status it was refused with, or 101. */
export function knock(url: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace(/^http/, "ws") + path, { headers });
    socket.on("open", () => {
      socket.close();
      resolve(101);
    });
    socket.on("unexpected-response", (outgoing, incoming) => {
      outgoing.destroy();
      resolve(incoming.statusCode ?? 0);
    });
    socket.on("error", reject);
  });
}
