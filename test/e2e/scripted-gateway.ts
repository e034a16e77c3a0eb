import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { Project, Session, Task, Worktree } from "../../src/protocol/entities.ts";
import { TallyError } from "../../src/protocol/errors.ts";
import { type Change, type EventFrame, type Presence, presenceSchema } from "../../src/protocol/events.ts";
import type { RequestAnswer } from "../../src/protocol/requests.ts";
import type { HelperProcess } from "../../src/protocol/worktrees.ts";
import type { Account, Pause, Settings } from "../../src/protocol/limits.ts";
import {
  type Health,
  type RouteBody,
  type RouteName,
  type RouteResult,
  routes,
  sockets as paths,
} from "../../src/protocol/routes.ts";
import { GATEWAY_PROTOCOL, version } from "../../src/protocol/version.ts";
import { aProject } from "../support/entities.ts";
import { until } from "../support/until.ts";

/** What the script makes of a call: `id` is that of the path, where it has one. */
type Handler<N extends RouteName> = (body: RouteBody<N>, id: string) => RouteResult<N>;

/** Speaks to an editor's window as a gateway does about sessions that a test makes up, and hears what it answers. */
export interface ScriptedGateway {
  /** What makes an editor talk to it. */
  readonly env: Record<string, string>;
  /** In the order in which they came. */
  readonly answers: readonly { sessionId: string; answer: RequestAnswer }[];
  /** What the windows said last. */
  readonly presences: readonly Presence[];
  /** What a window said that the person has set, the last word last. */
  readonly settings: readonly Settings[];
  /** As they were told last. */
  sessions(): readonly Session[];
  /** Tells every window of it, whether or not it was known before. */
  put(entity: Session | Task): void;
  putAccount(account: Account): void;
  putWorktree(worktree: Worktree): void;
  removeWorktree(id: string): void;
  putProcess(process: HelperProcess): void;
  /** It began, goes on, or has ended. */
  putPause(pause: Pause): void;
  /** From now on, answers this route so. A handler that throws a {@link TallyError} refuses. */
  on<N extends RouteName>(name: N, handler: Handler<N>): void;
  /** Resolves when a window follows the events. */
  untilFollowed(): Promise<void>;
  close(): Promise<void>;
}

const TOKEN = "scripted";

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

export async function startScriptedGateway(projects: readonly Project[] = [aProject()]): Promise<ScriptedGateway> {
  const sessions = new Map<string, Session>();
  const tasks = new Map<string, Task>();
  const worktrees = new Map<string, Worktree>();
  const processes = new Map<string, HelperProcess>();
  const accounts = new Map<string, Account>();
  const pauses = new Map<string, Pause>();
  const settings: Settings[] = [];
  const answers: { sessionId: string; answer: RequestAnswer }[] = [];
  const windows = new Map<WebSocket, Presence | null>();
  let seq = 1;

  const send = (window: WebSocket, frame: EventFrame) => window.send(JSON.stringify(frame));
  const tell = (change: Change) => {
    seq += 1;
    for (const window of windows.keys()) send(window, { type: "events", events: [{ seq, at: Date.now(), change }] });
  };
  const put = (entity: Session | Task) => {
    if ("cwd" in entity) {
      sessions.set(entity.id, entity);
      tell({ type: "session.changed", session: entity });
    } else {
      tasks.set(entity.id, entity);
      tell({ type: "task.changed", task: entity });
    }
  };
  const answerSession = (id: string, body: RouteBody<"answerSession">): Session => {
    const { requestId, answer } = body;
    const session = sessions.get(id);
    if (session?.request?.id !== requestId) throw new TallyError("request-gone", "It does not ask this any more.");
    answers.push({ sessionId: id, answer });
    const running: Session = { ...session, state: "RUNNING", stateSince: Date.now(), request: null };
    put(running);
    return running;
  };

  const handlers = new Map<RouteName, Handler<RouteName>>();
  const on = <N extends RouteName>(name: N, handler: Handler<N>) => {
    handlers.set(name, handler);
  };
  on("health", () => health);
  on("answerSession", (body, id) => ({ session: answerSession(id, body) }));
  on("detectAgents", () => ({ agents: [] }));
  on("personas", () => ({ personas: [], problem: null }));
  on("setSettings", (told) => {
    settings.push(told);
    return { settings: told };
  });
  const answerTo = (method: string, url: string, body: string): unknown => {
    const [path = ""] = url.split("?");
    for (const [name, handler] of handlers) {
      const route = routes[name];
      const match = route.method === method && new RegExp(`^${route.path.replace(":id", "([^/]+)")}$`).exec(path);
      if (!match) continue;
      const parsed = "body" in route ? (route.body.parse(JSON.parse(body)) as RouteBody<RouteName>) : undefined;
      return handler(parsed as RouteBody<RouteName>, decodeURIComponent(match[1] ?? ""));
    }
    throw new TallyError("route-not-found", `${method} ${path} is not in the script.`);
  };
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      const reply = (status: number, answer: unknown) => response.writeHead(status).end(JSON.stringify(answer));
      try {
        reply(200, answerTo(request.method ?? "", request.url ?? "", body));
      } catch (error) {
        const failure = error instanceof TallyError ? error : new TallyError("internal", String(error));
        reply(failure.status, failure.toProblem());
      }
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (window, { url }) => {
    // No session here has a terminal.
    if (!url?.startsWith(paths.events.path)) {
      window.terminate();
      return;
    }
    windows.set(window, null);
    const known = {
      projects: [...projects],
      worktrees: [...worktrees.values()],
      processes: [...processes.values()],
      sessions: [...sessions.values()],
      tasks: [...tasks.values()],
      accounts: [...accounts.values()],
      pauses: [...pauses.values()],
    };
    send(window, { type: "snapshot", snapshot: { storeId: "scripted", seq, ...known } });
    window.on("message", (data) => {
      windows.set(window, presenceSchema.parse(JSON.parse((data as Buffer).toString("utf8"))));
      send(window, { type: "foremost", isForemost: true });
    });
    window.on("close", () => windows.delete(window));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    env: { TALLY_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, TALLY_TOKEN: TOKEN },
    answers,
    get presences() {
      return [...windows.values()].filter((presence) => presence !== null);
    },
    settings,
    sessions: () => [...sessions.values()],
    put,
    putAccount: (account) => {
      accounts.set(account.id, account);
      tell({ type: "account.changed", account });
    },
    putWorktree: (worktree) => {
      worktrees.set(worktree.id, worktree);
      tell({ type: "worktree.changed", worktree });
    },
    removeWorktree: (id) => {
      worktrees.delete(id);
      tell({ type: "worktree.removed", id });
    },
    putProcess: (process) => {
      processes.set(process.id, process);
      tell({ type: "process.changed", process });
    },
    putPause: (pause) => {
      if (pause.endedAt === null) pauses.set(pause.id, pause);
      else pauses.delete(pause.id);
      tell({ type: "pause.changed", pause });
    },
    on,
    untilFollowed: () => until(() => windows.size > 0, "a window to follow the events"),
    close: async () => {
      for (const window of windows.keys()) window.terminate();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}
