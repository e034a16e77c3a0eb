import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Whether this is the only kind of address that agents are reached at. */
export function isLoopbackUrl(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed?.protocol === "http:" && LOOPBACK.has(parsed.hostname);
}

export interface LoopbackRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Sends a request to a server on this machine; to any other it is refused: agents' addresses come from launches and files, and
 * nothing of a session leaves the machine. Neither proxies nor redirects are followed.
 * @throws {Error} when the address is no loopback address.
 */
export function openLoopback({ url, method, headers, body }: LoopbackRequest): ClientRequest {
  if (!isLoopbackUrl(url)) throw new Error("not an http address on loopback");
  // An agent of its own: the shared one may be told by the environment to use a proxy.
  const opened = request(url, { method, headers, agent: false });
  opened.end(body);
  return opened;
}

export interface LoopbackResponse {
  readonly status: number;
  readonly body: string;
}

/** Sends a request and reads the response. @throws when there is none in time, or one longer than `maxBytes`. */
export async function askLoopback(
  asked: LoopbackRequest,
  { timeoutMs, maxBytes }: { readonly timeoutMs: number; readonly maxBytes: number },
): Promise<LoopbackResponse> {
  const opened = openLoopback(asked);
  const timer = setTimeout(() => opened.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    const response = await responseTo(opened);
    let bytes = 0;
    response.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) response.destroy(new Error(`the response is longer than ${maxBytes} bytes`));
    });
    return { status: response.statusCode ?? 0, body: await text(response) };
  } finally {
    clearTimeout(timer);
    opened.destroy();
  }
}

/** @throws when the connection fails before there is one. */
export function responseTo(opened: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    opened.once("response", resolve);
    // Stays on: what fails later is told by the response.
    opened.on("error", reject);
  });
}
