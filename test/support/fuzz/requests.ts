import * as fc from "fast-check";
import { type RouteName, routes, type RouteShape } from "../../../src/protocol/routes.ts";
import { type JsonSchema, schemaOfInput } from "../../../src/server/openapi/schemas.ts";
import { type KnownValues, mutate, mutations, valuesOf } from "./values.ts";

/** A request as it goes over the wire. */
export interface FuzzedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What is done to a request besides its values. */
type Disguise = (request: FuzzedRequest) => FuzzedRequest;

const withHeader =
  (name: string, value: string): Disguise =>
  (request) => ({ ...request, headers: { ...request.headers, [name]: value } });
const withBody =
  (change: (body: string) => string): Disguise =>
  (request) => ({
    ...request,
    headers: { "content-type": "application/json", ...request.headers },
    body: change(request.body ?? "{}"),
  });
const withPath =
  (change: (path: string) => string): Disguise =>
  (request) => ({ ...request, path: change(request.path) });

const disguises: readonly Disguise[] = [
  withHeader("authorization", "Bearer nobody"),
  withHeader("authorization", "Basic bm9ib2R5"),
  withHeader("host", "evil.example"),
  withHeader("origin", "https://evil.example"),
  withHeader("content-type", "text/plain"),
  withHeader("content-type", "application/json; charset=utf-16"),
  withHeader("content-type", "application/problem+json"),
  withHeader("accept", "image/png"),
  withHeader("x-long", "x".repeat(8_000)),
  withBody((body) => body.slice(0, -1)),
  withBody((body) => `${body}${body}`),
  withBody((body) => `\ufeff${body}`),
  withBody(() => ""),
  withBody(() => "null"),
  withBody(() => '"text"'),
  withBody(() => "[".repeat(10_000)),
  withBody(() => `{"a":${"[".repeat(2_000)}${"]".repeat(2_000)}}`),
  withBody(() => '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}'),
  withBody((body) => body.replace(/\d+/g, "1e999")),
  withBody((body) => body.replace(/^\{/, '{"cwd":"/","cwd":1,')),
  withBody(() => `{"prompt":"${"x".repeat(1_100_000)}"}`),
  withPath((path) => `/${path}`),
  withPath((path) => `${path}/`),
  withPath((path) => path.replace("/v1", "/V1")),
  withPath((path) => path.replace("/v1/", "/v1/../v1/")),
  withPath((path) => path.replace(/[^/]+$/, "%00%ff%2e%2e")),
  withPath((path) => `${path}?${"a=b&".repeat(500)}`),
  withPath((path) => `${path}${path.includes("?") ? "&" : "?"}cwd=a&cwd=b&limit=1&limit=&since=NaN&%`),
  withPath((path) => `${path}#part`),
  ...["GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", "HEAD"].map((method): Disguise => (request) => ({
    ...request,
    method,
  })),
];

export interface FuzzingOptions {
  readonly token: string;
  /** Never asked for. */
  readonly without: readonly RouteName[];
  readonly known: KnownValues;
  /** Has the last word on a body: what must not be done for real is not. */
  readonly disarm: (body: unknown) => unknown;
}

/** Requests for every route of the table, made from its schemas, most of them spoilt in some way. */
export function requests({ token, without, known, disarm }: FuzzingOptions): fc.Arbitrary<FuzzedRequest> {
  const names = (Object.keys(routes) as RouteName[]).filter((name) => !without.includes(name));
  const plain = fc.oneof(...names.map((name) => requestOf(routes[name], { token, known, disarm })));
  const disguised = fc.tuple(plain, fc.constantFrom(...disguises)).map(([request, disguise]) => disguise(request));
  return fc.oneof({ weight: 6, arbitrary: plain }, { weight: 1, arbitrary: disguised });
}

function requestOf(
  { method, path, body, query }: RouteShape,
  { token, known, disarm }: Pick<FuzzingOptions, "token" | "known" | "disarm">,
): fc.Arbitrary<FuzzedRequest> {
  const spoilt = (schema: JsonSchema) =>
    fc.tuple(valuesOf(schema, known), mutations).map(([value, ways]) => mutate(value, ways));
  const nothing = fc.constant(undefined);
  return fc
    .record({
      id: valuesOf({ type: "string", maxLength: 40 }, known, known[kindOf(path)] ? kindOf(path) : "id"),
      body: body ? spoilt(schemaOfInput(body)) : nothing,
      query: query ? spoilt(schemaOfInput(query)) : nothing,
    })
    .map((given) => {
      const text = given.body === undefined ? undefined : JSON.stringify(disarm(given.body));
      return {
        method,
        path: path.replace(/:\w+/g, encoded(given.id)) + queryText(given.query),
        headers: {
          authorization: `Bearer ${token}`,
          ...(text === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(text === undefined ? {} : { body: text }),
      };
    });
}

/** What the id in a path is one of: `sessions`, in `/v1/sessions/:id/end`. */
function kindOf(path: string): string {
  return path.split("/:")[0]?.split("/").at(-1) ?? "";
}

function queryText(query: unknown): string {
  if (typeof query !== "object" || query === null) return query === undefined ? "" : `?${encoded(query)}`;
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${encoded(key)}=${encoded(value)}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function encoded(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  // A surrogate on its own can not be written in a path.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
}
