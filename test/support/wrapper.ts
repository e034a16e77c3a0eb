import { type ChildProcess, spawn } from "node:child_process";
import { DatabaseSync } from "node:sqlite";
import { send } from "./raw-http.ts";
import type { TestGateway } from "./gateway.ts";
import { until } from "./until.ts";

/** A foreign tool that knows the gateway's URL with the token in it, and the database file. */
export interface Wrapper {
  post(path: string, body?: unknown): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** The rows of a query on the database file, read beside the running gateway. */
  rows(sql: string): Record<string, unknown>[];
  /** The value under a key of `kv_store`; undefined when there is none. */
  value(key: string): unknown;
}

export interface Answer {
  readonly status: number;
  readonly json: unknown;
  readonly code: string | undefined;
}

export function aWrapper(gateway: TestGateway): Wrapper {
  const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const sent = body === undefined ? {} : { headers: { "content-type": "application/json" } };
    const { status, json, code } = await send(gateway.endpoint.url, {
      method,
      path: `/t/${gateway.endpoint.token}${path}`,
      ...sent,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status, json, code };
  };
  const rows = (sql: string) => {
    const db = new DatabaseSync(gateway.home.stateDb, { readOnly: true });
    try {
      // Rows come without a prototype, which no literal equals.
      return db
        .prepare(sql)
        .all()
        .map((row) => ({ ...row }));
    } finally {
      db.close();
    }
  };
  return {
    post: (path, body) => ask("POST", path, body),
    get: (path) => ask("GET", path),
    rows,
    value: (key) => {
      const row = rows("SELECT key, value FROM kv_store").find((each) => each["key"] === key);
      return row && (JSON.parse(String(row["value"])) as unknown);
    },
  };
}

/** A process that is not the gateway's, and does nothing. */
export interface ForeignProcess extends AsyncDisposable {
  readonly pid: number;
  end(): Promise<void>;
}

/** @param children starts one more, as a wrapper starts its agent. */
export async function foreignProcess(options: {
  cwd: string;
  env: Readonly<Record<string, string>>;
  withChild?: boolean;
}): Promise<ForeignProcess & { readonly childPid: number | null }> {
  const script = options.withChild ? "sleep 600 & echo $!; wait" : "echo 0; exec sleep 600";
  const child = spawn("/bin/sh", ["-c", script], {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  const childPid = await firstNumber(child);
  const pid = child.pid ?? 0;
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-pid, "SIGKILL");
    await until(() => child.exitCode !== null || child.signalCode !== null, "the foreign process to end");
  };
  return { pid, childPid: childPid || null, end, [Symbol.asyncDispose]: end };
}

function firstNumber(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.stdout?.once("data", (chunk: Buffer) => resolve(Number(chunk.toString()))));
}
