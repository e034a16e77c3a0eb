import type { IncomingMessage } from "node:http";
import { TallyError } from "../../protocol/errors.ts";

/** An environment of 128 kB, the largest that Linux takes for one string, fits several times over. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Whether there is a body at all: some clients post without one, and then name no type either. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/**
 * Reads a JSON body.
 * @throws {TallyError} `unsupported-media-type`, `body-too-large`, `invalid-json`
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new TallyError("unsupported-media-type", "The body must be JSON: send `Content-Type: application/json`.");
  }
  const tooLarge = new TallyError("body-too-large", `The body is over ${MAX_BODY_BYTES} bytes. Send less.`);
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) throw tooLarge;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw tooLarge;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    // The parser's own message quotes the body, which may hold an environment, and would end up in the log.
    throw new TallyError("invalid-json", `The body of ${bytes} bytes is not valid JSON. Check its quotes and commas.`);
  }
}
