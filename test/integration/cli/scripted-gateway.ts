import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { TallyError } from "../../../src/protocol/errors.ts";
import type { Session, Task, Worktree } from "../../../src/protocol/entities.ts";
import type { Change, EventFrame, Snapshot } from "../../../src/protocol/events.ts";
import { type Account, type Pause, settingsSchema } from "../../../src/protocol/limits.ts";
import type { TaskOutputFrame } from "../../../src/protocol/queue-routes.ts";
import type { RequestAnswer } from "../../../src/protocol/requests.ts";
import { type Health, type RouteName, type RouteResult, routes } from "../../../src/protocol/routes.ts";
import { GATEWAY_PROTOCOL, version } from "../../../src/protocol/version.ts";
import type { HelperProcess } from "../../../src/protocol/worktrees.ts";
import { aProject, aSession } from "../../support/entities.ts";

/** How it answers besides what it does by itself; each hears the request's body, and the id in its path. */
type Handlers = { [N in RouteName]?: (body: unknown, id: string) => RouteResult<N> };

interface Script {
  readonly handlers?: Handlers;
  readonly pauses?: readonly Pause[];
  readonly accounts?: readonly Account[];
  readonly worktrees?: readonly Worktree[];
  readonly processes?: readonly HelperProcess[];
  readonly tasks?: readonly Task[];
  /** A client follows what a task does. Without it none can. */
  readonly taskOutput?: (client: OutputClient, taskId: string) => void;
}

/** Whoever follows what a task does. */
export interface OutputClient {
  tell(frame: TaskOutputFrame): void;
  /** As a gateway does that has told the last frame, or that was killed. */
  leave(how: "closed" | "killed"): void;
}

/** Speaks as a gateway does about one session, whose agent asks what a test wants, and about worktrees; and hears the answers. */
export interface ScriptedGateway extends AsyncDisposable {
  /** What makes the CLI talk to it. */
  readonly env: Record<string, string>;
  /** In the order in which they came. */
  readonly answers: readonly RequestAnswer[];
  readonly session: Session;
  /** Changes the session, and tells everybody who follows. */
  change(fields: Partial<Session>): void;
  /** The pause begins, changes or ends, and everybody who follows is told. */
  changePause(pause: Pause): void;
  /** A worktree comes or changes, and everybody who follows is told. */
  changeWorktree(worktree: Worktree): void;
  removeWorktree(id: string): void;
  changeProcess(process: HelperProcess): void;
  /** The bodies that came for a route, in their order. */
  heard(name: RouteName): unknown[];
  /** Resolves when a client follows the events. */
  readonly followed: Promise<void>;
}

const TOKEN = "scripted";

export async function startScriptedGateway(fields: Partial<Session>, script: Script = {}): Promise<ScriptedGateway> {
  let session = aSession(fields);
  let seq = 1;
  const answers: RequestAnswer[] = [];
  const followers = new Set<WebSocket>();
  const requests: { name: RouteName; body: unknown }[] = [];
  const pauses = new Map((script.pauses ?? []).map((pause) => [pause.id, pause]));
  const accounts = [...(script.accounts ?? [])];
  const worktrees = new Map((script.worktrees ?? []).map((worktree) => [worktree.id, worktree]));
  const processes = new Map((script.processes ?? []).map((process) => [process.id, process]));

  const tell = (change: Change) => {
    seq += 1;
    const frame: EventFrame = { type: "events", events: [{ seq, at: 0, change }] };
    for (const follower of followers) follower.send(JSON.stringify(frame));
  };
  const change = (changed: Partial<Session>) => {
    session = { ...session, ...changed };
    tell({ type: "session.changed", session });
  };
  const openPauses = () => [...pauses.values()].filter(({ endedAt }) => endedAt === null);
  const snapshot = (): Snapshot => ({
    storeId: "scripted",
    seq,
    projects: [aProject()],
    worktrees: [...worktrees.values()],
    processes: [...processes.values()],
    sessions: [session],
    tasks: [...(script.tasks ?? [])],
    accounts,
    pauses: openPauses(),
  });
  const answerRequest = (body: unknown): Session => {
    const { requestId, answer } = routes.answerSession.body.parse(body);
    if (session.request?.id !== requestId) throw new TallyError("request-gone", "It does not ask this any more.");
    answers.push(answer);
    change({ state: "RUNNING", request: null });
    return session;
  };
  const resolveWorktree = (ref: string) => {
    const worktree = [...worktrees.values()].find(({ id, name, path }) => [id, name, path].includes(ref));
    if (worktree) return { worktree, project: aProject() };
    throw new TallyError("worktree-not-found", `There is no worktree "${ref}".`);
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
  const handlers: Handlers = {
    health: () => health,
    snapshot,
    resolveSession: () => ({ session }),
    getSession: () => ({ session, project: aProject(), tasks: [] }),
    answerSession: (body) => ({ session: answerRequest(body) }),
    sessionStarted: () => ({ session }),
    sessionExited: () => ({ session }),
    resolveWorktree: (query) => resolveWorktree((query as { ref: string }).ref),
    limits: () => ({ accounts, pauses: openPauses(), settings: settingsSchema.parse({}) }),
    ...script.handlers,
  };

  const onRequest = (name: RouteName, body: unknown) => requests.push({ name, body });
  const server = createServer((request, response) => void answer({ handlers, onRequest }, request, response));
  const sockets = new WebSocketServer({ server });
  const followed = new Promise<void>((resolve) => {
    sockets.on("connection", (socket, request) => {
      const taskId = /^\/v1\/tasks\/([^/]+)\/output/.exec(request.url ?? "")?.[1];
      if (taskId !== undefined) {
        script.taskOutput?.(outputClient(socket), decodeURIComponent(taskId));
        return;
      }
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
    changePause(pause) {
      pauses.set(pause.id, pause);
      tell({ type: "pause.changed", pause });
    },
    changeWorktree(worktree) {
      worktrees.set(worktree.id, worktree);
      tell({ type: "worktree.changed", worktree });
    },
    removeWorktree(id) {
      worktrees.delete(id);
      tell({ type: "worktree.removed", id });
    },
    changeProcess(process) {
      processes.set(process.id, process);
      tell({ type: "process.changed", process });
    },
    heard: (wanted) => requests.flatMap(({ name, body }) => (name === wanted ? [body] : [])),
    followed,
    async [Symbol.asyncDispose]() {
      for (const follower of followers) follower.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function outputClient(socket: WebSocket): OutputClient {
  return {
    tell: (frame) => socket.send(JSON.stringify(frame)),
    leave(how) {
      if (how === "closed") socket.close(1000);
      else socket.terminate();
    },
  };
}

async function answer(
  {
    handlers,
    onRequest,
  }: {
    readonly handlers: Partial<Record<RouteName, (body: unknown, id: string) => unknown>>;
    readonly onRequest: (name: RouteName, body: unknown) => void;
  },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = (await request.toArray()).join("");
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  const name = (Object.keys(routes) as RouteName[]).find((each) => {
    const { method, path } = routes[each];
    return method === request.method && new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}$`).test(pathname);
  });
  try {
    const handle = name === undefined ? undefined : handlers[name];
    if (!handle || name === undefined) {
      throw new TallyError("route-not-found", `${request.method ?? ""} ${pathname} is not in the script.`);
    }
    // What a GET is asked stands in its query.
    const body: unknown = text === "" ? Object.fromEntries(searchParams) : JSON.parse(text);
    onRequest(name, body);
    reply(response, 200, handle(body, idIn(routes[name].path, pathname)));
  } catch (error) {
    const failure = error instanceof TallyError ? error : new TallyError("internal", String(error));
    reply(response, failure.status, failure.toProblem());
  }
}

function idIn(path: string, pathname: string): string {
  return decodeURIComponent(pathname.split("/")[path.split("/").indexOf(":id")] ?? "");
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
