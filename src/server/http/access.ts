import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TallyError } from "../../protocol/errors.ts";

/**
 * Loopback is reachable by any web page and by any user of the machine. So every request, of a route or of a socket,
 * known or not, must: name us in Host (a page that rebound its DNS name to 127.0.0.1 names itself), carry no Origin
 * (browsers add it, our clients do not), and know the token.
 * @throws {TallyError} `host-refused`, `origin-refused`, `unauthorized`
 */
export function checkAccess(request: IncomingMessage, expected: { port: number; token: string }): void {
  const host = (request.headers.host ?? "").toLowerCase();
  const own = [`127.0.0.1:${expected.port}`, `localhost:${expected.port}`, `[::1]:${expected.port}`];
  if (!own.includes(host)) {
    throw new TallyError("host-refused", `Requests must be addressed to ${own[0] ?? ""}, not to "${host}".`);
  }
  if (request.headers.origin !== undefined) {
    throw new TallyError("origin-refused", "Requests from web pages are refused.");
  }
  const [scheme, token] = (request.headers.authorization ?? "").split(" ", 2);
  if (scheme?.toLowerCase() !== "bearer" || !isSame(token ?? "", expected.token)) {
    throw new TallyError(
      "unauthorized",
      "The token is missing or wrong. Send `Authorization: Bearer <token>`; it is in the file `token` of TALLY_HOME.",
    );
  }
}

/** Compares in a time that does not tell how much was right. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
