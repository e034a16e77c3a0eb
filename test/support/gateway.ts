import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Endpoint, readGatewayFile } from "../../src/client/discovery.ts";
import { ensureGateway, findGateway } from "../../src/client/ensure-gateway.ts";
import { GatewayClient } from "../../src/client/http.ts";
import { type Connection, LiveModel } from "../../src/client/live-model.ts";
import type { Model } from "../../src/protocol/model.ts";
import type { Session } from "../../src/protocol/entities.ts";
import { untilGatewayRuns } from "../../src/client/until-gateway-runs.ts";
import { TallyError } from "../../src/protocol/errors.ts";
import { tallyHome, type TallyHome } from "../../src/protocol/home.ts";
import { ptyHostFileSchema } from "../../src/protocol/ptyhost.ts";
import type { CreateSession } from "../../src/protocol/routes.ts";
import type { ReasonSource } from "../../src/protocol/sources.ts";
import type { SessionState } from "../../src/protocol/states.ts";
import { openDatabase } from "../../src/server/store/database.ts";
import { Store } from "../../src/server/store/store.ts";
import { entryOf } from "./programs.ts";
import { until, untilDefined } from "./until.ts";

export const repositoryRoot = resolve(import.meta.dirname, "../..");

/** A TALLY_HOME of its own, removed with everything that still runs in it. */
export interface TestHome {
  readonly home: TallyHome;
  /** An environment built from nothing but what programs need to run. */
  readonly env: Record<string, string>;
  dispose(): Promise<void>;
}

export async function testHome(): Promise<TestHome> {
  const root = await mkdtemp(join(tmpdir(), "tally-test-"));
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: root,
    LANG: "C.UTF-8",
    TALLY_HOME: join(root, "tally"),
    TALLY_GRACE_MS: "600",
    TALLY_PTYHOST_GRACE_MS: "2000",
  };
  const home = tallyHome(env);
  return {
    home,
    env,
    dispose: async () => {
      await endProcessesOf(home);
      await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
      await rm(home.sockets, { recursive: true, force: true });
    },
  };
}

/** Ends the gateway and the pty hosts of a home, and with them their agents. */
export async function endProcessesOf(home: TallyHome): Promise<void> {
  const gateway = await readGatewayFile(home);
  const hosts = await ptyHostPids(home);
  for (const pid of [...(gateway ? [gateway.pid] : []), ...hosts]) await endProcess(pid);
}

export async function ptyHostPids(home: TallyHome): Promise<number[]> {
  const names = await readdir(home.ptyHosts).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => /^\d+\.json$/.test(name))
      // A host that ends takes its file away.
      .map(async (name) => readFile(join(home.ptyHosts, name), "utf8").catch(() => "null"))
      .map(async (content) => ptyHostFileSchema.safeParse(JSON.parse(await content))),
  );
  return files.flatMap((file) => (file.success ? [file.data.pid] : []));
}

async function endProcess(pid: number): Promise<void> {
  if (!isRunning(pid)) return;
  process.kill(pid, "SIGTERM");
  try {
    await until(() => !isRunning(pid), `process ${pid} to end`, 3_000);
  } catch {
    // It would not go by itself, and a test must leave nothing behind.
    if (isRunning(pid)) process.kill(pid, "SIGKILL");
    await until(() => !isRunning(pid), `process ${pid} to be dead`, 3_000).catch(() => undefined);
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A client as the editor has one: where no gateway of this environment runs, it starts one. */
export function clientOf(env: Readonly<Record<string, string>>): GatewayClient {
  return new GatewayClient(() => ensureGateway({ home: tallyHome(env), env, folder: repositoryRoot }));
}

/** A state that a session was in, with the first reason that was given for it. */
export interface Step {
  readonly state: SessionState;
  readonly source: ReasonSource;
  readonly signal: string | null;
  readonly text: string;
}

export interface TestGateway {
  readonly home: TallyHome;
  readonly env: Record<string, string>;
  readonly client: GatewayClient;
  readonly endpoint: Endpoint;
  readonly pid: number;
  /** What a second window would see: a live model from the event stream. */
  readonly model: () => Model;
  readonly connection: () => Connection;
  /** Creates a session with this home's environment. */
  createSession(request: Partial<CreateSession> & { agent?: string; args: string[] }): Promise<Session>;
  untilState(sessionId: string, ...states: SessionState[]): Promise<Session>;
  /** Every state the session has been in, oldest first, and what said so. */
  history(sessionId: string): Step[];
  /** Looks into the store as it is on disk. */
  store<T>(look: (store: Store) => T): T;
  /** Changes the database under a gateway that does not run. */
  database(sql: string, ...parameters: (string | number)[]): void;
  /** `kill -9`, as a crash would. */
  crash(): Promise<void>;
  /** Starts a gateway on the same home again. */
  restart(): Promise<void>;
  /** Closes this test's own connection to the event stream. */
  disconnect(): void;
  dispose(): Promise<void>;
}

/** A real gateway process with its own TALLY_HOME and a live model of what it tells. */
export async function startTestGateway(extraEnv: Record<string, string> = {}): Promise<TestGateway> {
  const place = await testHome();
  const { home } = place;
  const env = { ...place.env, ...extraEnv };
  let child = await spawnGateway(env);
  const locate = async () => {
    const found = await findGateway({ home, env, folder: repositoryRoot });
    if (!found) throw new TallyError("gateway-unreachable", "No gateway runs.");
    return found;
  };
  const client = new GatewayClient(locate);
  let endpoint = await untilDefined(() => locate().catch(() => undefined), "the gateway to listen");
  const untilRuns = (signal: AbortSignal) => untilGatewayRuns({ home, env, folder: repositoryRoot }, signal);
  const live = new LiveModel({
    client: new GatewayClient(locate, untilRuns),
    onModel: () => undefined,
    onConnection: () => undefined,
  });
  await until(() => live.connection === "connected", "the event stream to connect");

  const look = <T>(at: (store: Store) => T): T => {
    const store = new Store(openDatabase(home.stateDb), Date.now);
    try {
      return at(store);
    } finally {
      store.close();
    }
  };

  return {
    home,
    env,
    client,
    get endpoint() {
      return endpoint;
    },
    get pid() {
      return child.pid ?? 0;
    },
    model: () => live.model,
    connection: () => live.connection,
    createSession: async (request) => {
      const { session } = await client.call("createSession", {
        body: { agent: "command", cwd: home.root, env, ...request },
      });
      return session;
    },
    untilState: (sessionId, ...states) =>
      untilDefined(
        () => {
          const session = live.model.sessions.get(sessionId);
          return session && states.includes(session.state) ? session : undefined;
        },
        `session ${sessionId} to be ${states.join(" or ")}`,
        undefined,
        () => `it is ${live.model.sessions.get(sessionId)?.state ?? "unknown"}`,
      ),
    history: (sessionId) => {
      const steps: Step[] = [];
      for (const { change } of look((store) => store.eventsSince(0)) ?? []) {
        if (change.type !== "session.changed" || change.session.id !== sessionId) continue;
        const { state, reason } = change.session;
        if (steps.at(-1)?.state !== state) {
          steps.push({ state, source: reason.source, signal: reason.signal, text: reason.text });
        }
      }
      return steps;
    },
    store: look,
    database: (sql, ...parameters) => {
      const db = openDatabase(home.stateDb);
      db.prepare(sql).run(...parameters);
      db.close();
    },
    crash: async () => {
      child.kill("SIGKILL");
      await until(() => child.exitCode !== null || child.signalCode !== null, "the gateway to be dead");
    },
    restart: async () => {
      child = await spawnGateway(env);
      client.forgetEndpoint();
      endpoint = await untilDefined(async () => {
        const file = await readGatewayFile(home);
        return file?.pid === child.pid ? await locate().catch(() => undefined) : undefined;
      }, "the new gateway to listen");
      await until(() => live.connection === "connected", "the event stream to reconnect");
    },
    disconnect: () => live.dispose(),
    dispose: async () => {
      live.dispose();
      client.dispose();
      await place.dispose();
    },
  };
}

async function spawnGateway(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [entryOf("gateway")], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  await until(async () => (await readGatewayFile(tallyHome(env)))?.pid === child.pid, "the gateway to start");
  return child;
}
