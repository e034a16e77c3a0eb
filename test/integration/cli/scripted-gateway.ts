import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { TallyError } from "../../../src/protocol/errors.ts";
import type { Session } from "../../../src/protocol/entities.ts";
import type { EventFrame, Snapshot } from "../../../src/protocol/events.ts";
import type { RequestAnswer } from "../../../src/protocol/requests.ts";
import { type Health, type RouteName, type RouteResult, routes } from "../../../src/protocol/routes.ts";
import { GATEWAY_PROTOCOL, version } from "../../../src/protocol/version.ts";
import { aProject, aSession } from "../../support/entities.ts";

/** Speaks as a gateway does about one session, whose agent asks what a test wants, and hears the answers. */
export interface ScriptedGateway extends AsyncDisposable {
  /** What makes the CLI talk to it. */
  readonly env: Record<string, string>;
  /** In the order in which they came. */
  readonly answers: readonly RequestAnswer[];
  readonly session: Session;
  /** Changes the session, and tells everybody who follows. */
  change(fields: Partial<Session>): void;
  /** Resolves when a client follows the events. */
  readonly followed: Promise<void>;
}

const TOKEN = "scripted";

export async function startScriptedGateway(fields: Partial<Session>): Promise<ScriptedGateway> {
  let session = aSession(fields);
  let seq = 1;
  const answers: RequestAnswer[] = [];
  const followers = new Set<WebSocket>();

  const change = (changed: Partial<Session>) => {
    session = { ...session, ...changed };
    seq += 1;
    const frame: EventFrame = {
      type: "events",
      events: [{ seq, at: 0, change: { type: "session.changed", session } }],
    };
    for (const follower of followers) follower.send(JSON.stringify(frame));
  };
  const snapshot = (): Snapshot => ({
    storeId: "scripted",
    seq,
    projects: [aProject()],
    worktrees: [],
    sessions: [session],
    tasks: [],
  });
  const answerRequest = (body: unknown): Session => {
    const { requestId, answer } = routes.answerSession.body.parse(body);
    if (session.request?.id !== requestId) throw new TallyError("request-gone", "It does not ask this any more.");
    answers.push(answer);
    change({ state: "RUNNING", request: null });
    return session;
  };
  const health: Health = {
    status: "ok",
    version,
    protocol: GATEWAY_PROTOCOL,
    pid: process.pid,
    port: 1,
    startedAt: 0,
    clients: 0,
    liveSessions: 1,
    ptyHosts: [],
    runtime: process.execPath,
  };
  const handlers: { [N in RouteName]?: (body: unknown) => RouteResult<N> } = {
    health: () => health,
    snapshot,
    resolveSession: () => ({ session }),
    answerSession: (body) => ({ session: answerRequest(body) }),
  };

  const server = createServer((request, response) => void answer(handlers, request, response));
  const sockets = new WebSocketServer({ server });
  const followed = new Promise<void>((resolve) => {
    sockets.on("connection", (socket) => {
      followers.add(socket);
      socket.on("close", () => followers.delete(socket));
      const frame: EventFrame = { type: "snapshot", snapshot: snapshot() };
      socket.send(JSON.stringify(frame), () => resolve());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: { TALLY_URL: `http://127.0.0.1:${port}`, TALLY_TOKEN: TOKEN },
    answers,
    get session() {
      return session;
    },
    change,
    followed,
    async [Symbol.asyncDispose]() {
      for (const follower of followers) follower.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  handlers: Partial<Record<RouteName, (body: unknown) => unknown>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = (await request.toArray()).join("");
  const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
  const name = (Object.keys(routes) as RouteName[]).find((each) => {
    const { method, path } = routes[each];
    return method === request.method && new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}$`).test(pathname);
  });
  try {
    const handle = name === undefined ? undefined : handlers[name];
    if (!handle) throw new TallyError("route-not-found", `${request.method ?? ""} ${pathname} is not in the script.`);
    reply(response, 200, handle(text === "" ? undefined : JSON.parse(text)));
  } catch (error) {
    const failure = error instanceof TallyError ? error : new TallyError("internal", String(error));
    reply(response, failure.status, failure.toBody());
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
