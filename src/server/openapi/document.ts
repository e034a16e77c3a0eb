import { apiDocs, apiTags, socketDocs } from "../../protocol/api-docs.ts";
import { type ErrorCode, errors, PROBLEM_TYPE } from "../../protocol/errors.ts";
import { type RouteName, routes, type RouteShape, type SocketName, sockets } from "../../protocol/routes.ts";
import { codesOf, codesOfEveryRoute } from "./codes.ts";
import { type JsonSchema, schemaOfAnswer, schemaOfInput, sharedSchemas } from "./schemas.ts";

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

interface Header {
  readonly description: string;
  readonly schema: JsonSchema;
}

export interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

export interface Operation {
  readonly operationId: RouteName;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: { readonly "application/json": { readonly schema: JsonSchema } };
  };
  readonly responses: Readonly<Record<string, Answer | { readonly $ref: string }>>;
}

export interface Socket {
  readonly name: SocketName;
  readonly path: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
}

/** As much of OpenAPI 3.1 as is used here (https://spec.openapis.org/oas/v3.1.1.html). */
export interface OpenApiDocument {
  readonly openapi: "3.1.1";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly responses: Readonly<Record<string, Answer>>;
    readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  /** OpenAPI has no words for these. */
  readonly "x-websockets": readonly Socket[];
}

const DESCRIPTION = `The API of the Tally gateway: everything that the editor and the \`tally\` command do.

The gateway listens on loopback only. Every request carries the token, which is in the file \`token\` of \`TALLY_HOME\`: as \`Authorization: Bearer <token>\`, or in front of the path as \`/t/<token>\`. Requests from web pages are refused. Bodies are JSON. Times are milliseconds since 1970 where a field does not say otherwise.

A failure is a problem document (RFC 9457). Its \`code\` is stable; its \`detail\` says in words what is wrong and what to do.

The WebSocket endpoints are listed under \`x-websockets\`; the same rules of access hold for them.`;

/** The API as a document that programs read. */
export function openApiDocument(version: string): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const name of Object.keys(routes) as RouteName[]) {
    const { method, path } = routes[name];
    (paths[templateOf(path)] ??= {})[method.toLowerCase()] = operationOf(name);
  }
  return {
    openapi: "3.1.1",
    info: { title: "Tally", version, description: DESCRIPTION },
    servers: [{ url: "/" }],
    security: [{ token: [] }],
    tags: Object.entries(apiTags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: sharedSchemas(),
      responses: { Problem: problemOf([...codesOfEveryRoute]) },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
    "x-websockets": (Object.keys(sockets) as SocketName[]).map((name) => ({
      name,
      path: templateOf(sockets[name].path),
      description: socketDocs[name],
      parameters: parametersOf(sockets[name]),
    })),
  };
}

function operationOf(name: RouteName): Operation {
  const route: RouteShape = routes[name];
  const { tag, summary } = apiDocs[name];
  return {
    operationId: name,
    tags: [tag],
    summary,
    parameters: parametersOf(route),
    ...(route.body && {
      requestBody: {
        required: !route.body.safeParse(undefined).success,
        content: { "application/json": { schema: schemaOfInput(route.body) } },
      },
    }),
    responses: {
      [String(route.status ?? 200)]: answerOf(route),
      ...problemsOf(name),
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

const successes = {
  "application/json": "It is done, or this is what was asked for.",
  "text/html": "A page.",
  "text/event-stream":
    "Server-sent events: the name of each is its `event`, its data the `data` in JSON. What fails on the way ends them with an event `error`, whose data is a problem document.",
} as const;

function answerOf({ answers, result }: RouteShape): Answer {
  const type = answers ?? "application/json";
  return { description: successes[type], content: { [type]: { schema: schemaOfAnswer(result) } } };
}

/** By their status, those that this route has besides what every route has. */
function problemsOf(name: RouteName): Record<string, Answer> {
  const own = codesOf(name);
  const all = [...own, ...codesOfEveryRoute];
  const statuses = [...new Set(own.map((code) => errors[code].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => [status, problemOf(all.filter((code) => errors[code].status === status))]),
  );
}

function problemOf(codes: readonly ErrorCode[]): Answer {
  const unique = [...new Set(codes)];
  const schema: JsonSchema = {
    allOf: [{ $ref: "#/components/schemas/Problem" }, { properties: { code: { enum: unique } } }],
  };
  return {
    description: unique.map((code) => `\`${code}\`: ${errors[code].title}.`).join(" "),
    ...(unique.some((code) => retried.has(code)) && { headers: { "Retry-After": retryAfter } }),
    content: { [PROBLEM_TYPE]: { schema } },
  };
}

/** What trying again later helps against. */
const retried: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["too-many-requests", "paused"]);
const retryAfter: Header = {
  description: "In how many seconds to try again, where that is known.",
  schema: { type: "integer" },
};

/** `/v1/sessions/:id` as `/v1/sessions/{id}`. */
function templateOf(path: string): string {
  return path.replace(/:(\w+)/g, "{$1}");
}

function parametersOf({ path, query }: Pick<RouteShape, "path" | "query">): Parameter[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]): Parameter => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const { properties = {}, required = [] } = query ? schemaOfInput(query) : {};
  const inQuery = Object.entries(properties).map(([name, property]): Parameter => {
    const { description, ...schema } = property as JsonSchema;
    return {
      name,
      in: "query",
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema,
    };
  });
  return [...inPath, ...inQuery];
}
