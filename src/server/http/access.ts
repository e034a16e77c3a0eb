import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TallyError } from "../../protocol/errors.ts";

/** What of a request says who may make it. */
type Asked = Pick<IncomingMessage, "url" | "headers">;

/** Any port: behind a forwarded one we are asked for by that. A rebound name is never one of these. */
const ownHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** Some clients know nothing but a URL: they put the token in front of the path, as in `/t/<token>/health`. */
const tokenAndPath = /^\/t\/([^/?#]*)(.*)$/s;

/**
 * Loopback is reachable by any web page and by any user of the machine. So every request, of a route or of a socket,
 * known or not, must: name us in Host (a page that rebound its DNS name to 127.0.0.1 names itself), carry no Origin
 * (browsers add it, our clients do not), and know the token, in a header or in its path.
 * @throws {TallyError} `host-refused`, `origin-refused`, `unauthorized`
 */
export function checkAccess(request: Asked, token: string): void {
  const host = request.headers.host ?? "";
  if (!ownHost.test(host)) {
    throw new TallyError("host-refused", `Requests must be addressed to 127.0.0.1 or localhost, not to "${host}".`);
  }
  if (request.headers.origin !== undefined) {
    throw new TallyError("origin-refused", "Requests from web pages are refused.");
  }
  const given = [tokenInHeader(request), readTarget(request).token];
  if (!given.some((each) => isSame(each ?? "", token))) {
    throw new TallyError(
      "unauthorized",
      "The token is missing or wrong. Send `Authorization: Bearer <token>`, or begin the path with /t/<token>; it is in the file `token` of TALLY_HOME.",
    );
  }
}

/** The path and query that a request asks for, without the token that it may carry: what is routed, and may be logged. */
export function pathOf(request: Pick<Asked, "url">): string {
  return readTarget(request).path;
}

/** Takes the token out of a text for the log: a path may hold it where none belongs. */
export function concealToken(text: string, token: string): string {
  return text.replaceAll(token, "<token>");
}

function readTarget({ url = "/" }: Pick<Asked, "url">): { token: string | null; path: string } {
  const [, token, path = ""] = tokenAndPath.exec(url) ?? [];
  if (token === undefined) return { token: null, path: url };
  return { token: decode(token), path: path.startsWith("/") ? path : `/${path}` };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not percent-encoded properly: taken as it stands, it will be no token.
    return segment;
  }
}

function tokenInHeader({ headers }: Asked): string | null {
  const [scheme, given] = (headers.authorization ?? "").split(" ", 2);
  return scheme?.toLowerCase() === "bearer" ? (given ?? null) : null;
}

/** Compares in a time that does not tell how much was right. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
