import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TallyError } from "../../protocol/errors.ts";

/** Any port: behind a forwarded one we are asked for by that. A rebound name is never one of these. */
const ownHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Loopback is reachable by any web page and by any user of the machine. So every request, of a route or of a socket,
 * known or not, must: name us in Host (a page that rebound its DNS name to 127.0.0.1 names itself), carry no Origin
 * (browsers add it, our clients do not), and know the token.
 * @throws {TallyError} `host-refused`, `origin-refused`, `unauthorized`
 */
export function checkAccess(request: IncomingMessage, token: string): void {
  const host = request.headers.host ?? "";
  if (!ownHost.test(host)) {
    throw new TallyError("host-refused", `Requests must be addressed to 127.0.0.1 or localhost, not to "${host}".`);
  }
  if (request.headers.origin !== undefined) {
    throw new TallyError("origin-refused", "Requests from web pages are refused.");
  }
  const [scheme, given] = (request.headers.authorization ?? "").split(" ", 2);
  if (scheme?.toLowerCase() !== "bearer" || !isSame(given ?? "", token)) {
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
