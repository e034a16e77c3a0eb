import { type IncomingMessage, request } from "node:http";
import { TallyError } from "../protocol/errors.ts";
import type { Endpoint } from "./discovery.ts";

export interface RawRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** JSON, as it is sent. */
  readonly body?: string;
}

/**
 * Sends a request as it is given, and resolves with the answer, whatever its status, once its head is there.
 * @throws {TallyError} `gateway-unreachable`
 */
export function rawRequest({ url, token }: Endpoint, { method, path, body }: RawRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url + path,
      {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
        },
      },
      resolve,
    );
    outgoing.on("error", (error) =>
      reject(new TallyError("gateway-unreachable", `The Tally gateway at ${url} does not answer (${error.message}).`)),
    );
    outgoing.end(body);
  });
}
