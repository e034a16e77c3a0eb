import type * as z from "zod";
import { TallyError } from "../../protocol/errors.ts";
import {
  type RouteBody,
  type RouteName,
  type RouteQuery,
  type RouteResult,
  routes,
  type RouteShape,
} from "../../protocol/routes.ts";

/** Both ends of a connection on loopback, from our side. */
export interface Connection {
  readonly localPort: number;
  readonly remotePort: number;
}

/** What a handler gets: everything parsed by the route's own schemas. */
export interface RouteInput<N extends RouteName> {
  readonly params: Readonly<Record<string, string>>;
  readonly body: RouteBody<N>;
  readonly query: RouteQuery<N>;
  /** The ports of the connection that it came by. */
  readonly connection: Connection;
  /** Fires when nobody waits for the answer any more: the caller has gone, or the gateway stops. */
  readonly signal: AbortSignal;
}

/**
 * What a handler answers: what the route promises; of an event stream its events, one by one. Of those, whatever is refused is refused
 * before the iterable is returned: afterwards the status is sent.
 */
export type RouteAnswer<N extends RouteName> = (typeof routes)[N] extends { readonly answers: "text/event-stream" }
  ? AsyncIterable<RouteResult<N>>
  : RouteResult<N>;

/** One handler for every route of the table: it does not compile with one missing. */
export type RouteHandlers = {
  readonly [N in RouteName]: (input: RouteInput<N>) => RouteAnswer<N> | Promise<RouteAnswer<N>>;
};

/** The parameters of `path` if it fits the template, else null. */
export function matchPath(template: string, path: string): Record<string, string> | null {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? "";
    if (segment.startsWith(":")) {
      if (value === "") return null;
      params[segment.slice(1)] = decode(value);
    } else if (segment !== value) return null;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not percent-encoded properly: taken as it stands, it will match no id.
    return segment;
  }
}

/**
 * The route that a request asks for; where several fit, the one with the fewest parameters in its path.
 * @throws {TallyError} `route-not-found`, `method-not-allowed`
 */
export function findRoute(method: string, path: string): { name: RouteName; params: Record<string, string> } {
  const allowed: string[] = [];
  let found: { name: RouteName; params: Record<string, string> } | undefined;
  for (const [name, route] of Object.entries(routes) as [RouteName, RouteShape][]) {
    const params = matchPath(route.path, path);
    if (!params) continue;
    allowed.push(route.method);
    if (route.method !== method) continue;
    if (!found || Object.keys(params).length < Object.keys(found.params).length) found = { name, params };
  }
  if (found) return found;
  if (allowed.length > 0) {
    throw new TallyError("method-not-allowed", `${path} takes ${allowed.join(" or ")}, not ${method}.`, { allowed });
  }
  throw new TallyError("route-not-found", `There is nothing at ${method} ${path}.`);
}

/**
 * Parses with a route's schema.
 * @throws {TallyError} `invalid-request`, which names each field that is wrong.
 */
export function parseWith(schema: z.ZodType | undefined, value: unknown, what: string): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
  const list = fields.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join("; ");
  throw new TallyError("invalid-request", `The ${what} is not as it should be: ${list}`, { fields });
}
