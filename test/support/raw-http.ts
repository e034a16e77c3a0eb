import { request } from "node:http";
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
    const outgoing = request(url + path, { method, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const json = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Partial<Problem>;
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, json, code: json.code });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
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
