import { Agent, request } from "node:http";
import type { WebSocket } from "ws";
import { problemSchema, TallyError } from "../protocol/errors.ts";
import {
  type Health,
  type RouteBodyInput,
  type RouteName,
  type RouteQueryInput,
  type RouteResult,
  routes,
  type RouteShape,
  type SocketName,
  sockets,
} from "../protocol/routes.ts";
import type { Endpoint } from "./discovery.ts";

/** Whether a failed call may be made again elsewhere: never when the gateway may have acted on it. */
function mayRepeat(error: unknown, method: string): boolean {
  if (!(error instanceof TallyError)) return false;
  if (error.code === "unauthorized") return true;
  return error.code === "gateway-unreachable" && (method === "GET" || !mayHaveArrived(error));
}

/** Whether a gateway that did not answer may have acted on the request all the same. */
export function mayHaveArrived(error: TallyError): boolean {
  return (error.details as { mayHaveArrived?: boolean } | undefined)?.mayHaveArrived === true;
}

type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Record<Name, string> & PathParams<Rest>
  : Path extends `${string}:${infer Name}`
    ? Record<Name, string>
    : unknown;

type Has<Key extends string, Value> = [Value] extends [never] ? unknown : Record<Key, Value>;

/** What a call of the route needs: path parameters, body and query, each only where the route has one. */
export type CallInput<N extends RouteName> = PathParams<(typeof routes)[N]["path"]> &
  Has<"body", RouteBodyInput<N>> &
  Has<"query", RouteQueryInput<N>>;

/** The WebSocket close code of a gateway that was stopped on purpose. */
export const GOING_AWAY = 1001;

/** Longer than most answers can take: ending a session waits for its grace. */
const TIMEOUT_MS = 30_000;
/** Of what looks at every file of a worktree, or waits for processes to end or for a limit to be asked. */
const LONG_TIMEOUT_MS = 10 * 60_000;
const longRoutes: ReadonlySet<RouteName> = new Set<RouteName>([
  "pruneCandidates",
  "worktreeRisk",
  "removeWorktree",
  "repairWorktree",
  "cancelWorktree",
  "resumeWorktree",
  "stopProcess",
  "cancelTask",
]);

/** How long a call of the route may take. */
export function timeoutMsOf(name: RouteName): number {
  return longRoutes.has(name) ? LONG_TIMEOUT_MS : TIMEOUT_MS;
}

/** Fills `:name` segments of a path template. */
function fillPath(template: string, input: Record<string, unknown>): string {
  return template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(input[name])));
}

function queryString(query: unknown): string {
  const entries = Object.entries((query ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return "";
  return `?${new URLSearchParams(entries.map(([key, value]): [string, string] => [key, String(value)])).toString()}`;
}

/**
 * Typed access to one gateway. `locate` says where the gateway is; it is asked again when nothing answers there any
 * more or when the token is refused, so that a caller outlives the gateway it began with.
 */
export class GatewayClient {
  readonly #locate: () => Promise<Endpoint>;
  readonly #untilRuns: (signal: AbortSignal) => Promise<void>;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });
  #endpoint: Promise<Endpoint> | undefined;

  /** @param untilRuns resolves when it is worth locating again, for those that may not start a gateway. */
  constructor(
    locate: () => Promise<Endpoint>,
    untilRuns: (signal: AbortSignal) => Promise<void> = () => Promise.resolve(),
  ) {
    this.#locate = locate;
    this.#untilRuns = untilRuns;
  }

  /** Waits for a gateway that somebody else starts; what was stopped on purpose must not be started by a mere view. */
  untilRuns(signal: AbortSignal): Promise<void> {
    return this.#untilRuns(signal);
  }

  /** Where the gateway is, as last located. */
  endpoint(): Promise<Endpoint> {
    if (!this.#endpoint) {
      const located = this.#locate();
      this.#endpoint = located;
      located.catch(() => this.forgetEndpoint());
    }
    return this.#endpoint;
  }

  /** Locates anew at the next call. */
  forgetEndpoint(): void {
    this.#endpoint = undefined;
  }

  /** @throws {TallyError} what the gateway answered, or `gateway-unreachable`. */
  async call<N extends RouteName>(name: N, input: CallInput<N>): Promise<RouteResult<N>> {
    try {
      return await this.#callOnce(await this.endpoint(), name, input);
    } catch (error) {
      if (!mayRepeat(error, routes[name].method)) throw error;
      this.forgetEndpoint();
      return await this.#callOnce(await this.endpoint(), name, input);
    }
  }

  /** Opens one of the gateway's sockets; the caller handles `open`, `message`, `close` and `error`. */
  async socket(name: SocketName, input: { id?: string; query?: Record<string, unknown> } = {}): Promise<WebSocket> {
    // Loaded when needed: `tally <program>` in a pipe never is, and its start-up is waited for.
    const [{ url, token }, ws] = await Promise.all([this.endpoint(), import("ws")]);
    const path = fillPath(sockets[name].path, input) + queryString(input.query);
    return new ws.WebSocket(url.replace(/^http/, "ws") + path, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      handshakeTimeout: 10_000,
    });
  }

  dispose(): void {
    this.#agent.destroy();
  }

  async #callOnce<N extends RouteName>(endpoint: Endpoint, name: N, input: CallInput<N>): Promise<RouteResult<N>> {
    const route: RouteShape = routes[name];
    const { body, query, ...params } = input as { body?: unknown; query?: unknown };
    const path = fillPath(route.path, params) + queryString(query);
    const { method } = route;
    const answer = await exchange({ agent: this.#agent, endpoint, method, path, body, timeoutMs: timeoutMsOf(name) });
    return route.result.parse(answer) as RouteResult<N>;
  }
}

/**
 * How the gateway at `endpoint` is.
 * @throws {TallyError} `unauthorized`, or `gateway-unreachable` when it does not answer within `timeoutMs`.
 */
export async function askHealth(endpoint: Endpoint, timeoutMs: number): Promise<Health> {
  const agent = new Agent();
  const { method, path, result } = routes.health;
  const asked = exchange({ agent, endpoint, method, path, body: undefined, timeoutMs });
  return result.parse(await asked.finally(() => agent.destroy()));
}

interface Exchange {
  readonly agent: Agent;
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly timeoutMs: number;
}

/** One request; resolves with the parsed JSON of a 2xx answer. */
function exchange({ agent, endpoint, method, path, body, timeoutMs }: Exchange): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    /** Once connected, nobody can tell whether the gateway acted on the request. */
    let mayHaveArrived = true;
    const unreachable = (why: string) => {
      reject(
        new TallyError(
          "gateway-unreachable",
          `The Tally gateway at ${endpoint.url} does not answer (${why}). Start it with: tally gateway start`,
          { mayHaveArrived },
        ),
      );
    };
    const outgoing = request(
      endpoint.url + path,
      {
        method,
        agent,
        timeout: timeoutMs,
        headers: {
          authorization: `Bearer ${endpoint.token}`,
          ...(payload === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", (error) => unreachable(error.message));
        incoming.on("end", () => {
          let answer: unknown;
          try {
            answer = JSON.parse(Buffer.concat(chunks).toString("utf8"));
          } catch {
            unreachable("the answer is not JSON; is something else listening there?");
            return;
          }
          const failure = problemSchema.safeParse(answer);
          if ((incoming.statusCode ?? 500) < 300) {
            resolve(answer);
          } else if (failure.success) {
            reject(TallyError.of(failure.data));
          } else {
            unreachable(`status ${incoming.statusCode ?? 0} without a code`);
          }
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error("timed out")));
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      mayHaveArrived = error.code !== "ECONNREFUSED";
      unreachable(error.message);
    });
    outgoing.end(payload);
  });
}
