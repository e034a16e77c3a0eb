import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile, symlink } from "node:fs/promises";
import { Agent, request as httpRequest } from "node:http";
import { join } from "node:path";
import * as fc from "fast-check";
import { routes } from "../../../src/protocol/routes.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { type FuzzedAnswer, routeOf, undocumented } from "../../support/fuzz/documented.ts";
import { placeholders, Pool } from "../../support/fuzz/pool.ts";
import { type FuzzedRequest, requests } from "../../support/fuzz/requests.ts";
import { SEED } from "../../support/fuzz/seed.ts";
import { tempFolder, tempRepo } from "../../support/repositories.ts";
import { until } from "../../support/until.ts";

const REQUESTS = 10_000;
const AT_ONCE = 12;
const ANSWER_MS = 20_000;
/** What answers when a task has ended is left alone after this: what it waits for may be a pause. */
const PATIENCE_MS = 200;
const waiting: ReadonlySet<unknown> = new Set(["executeTask", "streamTask"]);
/** Above all pids that Linux gives. */
const NO_PID = 4_194_305;

describe("10,000 requests made from the schemas, half of them spoilt", function () {
  this.timeout(300_000);
  let gateway: TestGateway;
  let sent: readonly FuzzedRequest[];
  let filesBefore = 0;
  let memoryOfHalf = 0;
  // Lifting its pause would start it.
  const pool = new Pool((kind, text) => ["pause", "account"].includes(kind) && text.includes('"agent":"demo"'));
  const findings: string[] = [];
  const succeeded = new Map<unknown, number>();
  const folders: { path: string; dispose(): Promise<void> }[] = [];

  before(async () => {
    const repo = await tempRepo("shop");
    const folder = await tempFolder("plain");
    const programs = await tempFolder("bin");
    folders.push(repo, folder, programs);
    // Of programs there is only git: no agent of the machine can be started.
    await symlink(execFileSync("which", ["git"], { encoding: "utf8" }).trim(), join(programs.path, "git"));
    gateway = await startTestGateway({ PATH: programs.path });
    // The one agent that is always there is paused, so its launches and tasks are held.
    await gateway.client.call("startPause", { body: { account: { agent: "demo", cwd: folder.path, env: {} } } });
    const places = [...Array<string>(4).fill(repo.path), ...Array<string>(4).fill(folder.path), "/none", "/etc", "."];
    const tasks = [...placeholders("task"), "task-1", "nobody"];
    const sessions = [...placeholders("session"), "wrapped-1", "nobody"];
    const worktrees = [...placeholders("worktree"), "nobody"];
    const ids = [...sessions, ...tasks, ...worktrees, ...placeholders("process"), ...placeholders("pause")];
    sent = fc.sample(
      requests({
        token: gateway.endpoint.token,
        without: ["stopGateway"],
        disarm,
        known: {
          sessions,
          tasks,
          worktrees,
          processes: placeholders("process"),
          pauses: placeholders("pause"),
          id: ids,
          ref: [...sessions, ...worktrees, "one", "refs/tally/snapshots/none"],
          sessionId: sessions,
          taskId: tasks,
          before: tasks,
          after: tasks,
          worktreeId: worktrees,
          projectId: [...placeholders("project"), "nobody"],
          accountId: [...placeholders("account"), "nobody"],
          agent: ["demo", "demo", "demo", "demo", "claude", "command", "nobody"],
          persona: ["nobody"],
          cwd: places,
          path: places,
          repoPath: places,
          workingDir: places,
          workingDirectory: places,
          name: ["one", "two", "a/b", "../up", ".git", "-x", ""],
          from: ["main", "HEAD", "nobody", "-x", "main..main"],
          state: ["RUNNING", "DONE", "QUEUED,RUNNING", "PENDING", "SLEEPING"],
          env: [{}, {}, { PATH: "" }, { KEY: "value" }],
          args: [[], [], ["--model", "x"], ["no-such-program"]],
          pid: [NO_PID, 0, -1],
          timeZone: ["UTC", "Europe/Berlin", "Asia/Kathmandu", "+05:30", "nobody", ""],
        },
      }),
      { seed: SEED, numRuns: REQUESTS },
    );
  });
  after(async () => {
    agent.destroy();
    await gateway.dispose();
    for (const folder of folders) await folder.dispose();
  });

  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

  /** Null: it was given up on, as it may wait for something. */
  const ask = ({ method, path, headers, body }: FuzzedRequest, patienceMs: number | null) =>
    new Promise<FuzzedAnswer | null>((resolve, reject) => {
      const framed = body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) };
      const outgoing = httpRequest(gateway.endpoint.url, { method, path, headers: framed, agent }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            type: incoming.headers["content-type"] ?? "",
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      const giveUp = () => {
        if (patienceMs === null) reject(new Error(`no answer in ${ANSWER_MS} ms`));
        else resolve(null);
        outgoing.destroy();
      };
      const timer = setTimeout(giveUp, patienceMs ?? ANSWER_MS);
      outgoing.on("close", () => clearTimeout(timer));
      outgoing.on("error", reject);
      outgoing.end(body);
    });

  const look = async (made: FuzzedRequest): Promise<string | null> => {
    const filled = { ...made, path: pool.fillPath(made.path) };
    const request = made.body === undefined ? filled : { ...filled, body: pool.fillBody(made.body) };
    const name = routeOf(request);
    const answer = await ask(request, waiting.has(name) ? PATIENCE_MS : null);
    if (answer === null) {
      // Whether it has made something, nobody was told.
      succeeded.set(name, (succeeded.get(name) ?? 0) + 1);
      return null;
    }
    if (answer.status < 300) {
      pool.learn(answer.text);
      succeeded.set(name, (succeeded.get(name) ?? 0) + 1);
    }
    const what = undocumented(request, answer);
    return what === null ? null : `${what}\n  ${answer.status} ${answer.text.slice(0, 500)}`;
  };

  const lookAtAll = async (all: readonly FuzzedRequest[]) => {
    const left = [...all].reverse();
    const work = async () => {
      for (let request = left.pop(); request; request = left.pop()) {
        const finding = await look(request).catch((error: unknown) => String(error));
        const { method, path, body = "" } = request;
        if (finding !== null) findings.push(`${method} ${path.slice(0, 500)} ${body.slice(0, 1_000)}\n  ${finding}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  };

  before("are sent", async () => {
    if (process.platform === "linux") filesBefore = await openFiles();
    await lookAtAll(sent.slice(0, REQUESTS / 2));
    if (process.platform === "linux") memoryOfHalf = await memoryKb();
    await lookAtAll(sent.slice(REQUESTS / 2));
  });

  it("are answered as documented, each of them", () => {
    assert.equal(findings.length, 0, `seed ${SEED}, ${findings.length} findings:\n${findings.slice(0, 50).join("\n")}`);
  });

  it("reach what is behind the schemas: most routes succeed at times", () => {
    const names = Object.keys(routes);
    assert.ok(
      succeeded.size > names.length / 2,
      `${succeeded.size} of ${names.length}: ${[...succeeded.keys()].join(", ")}`,
    );
  });

  it("leave no more in the store than those that succeeded have made", () => {
    const { sessions, tasks } = gateway.store((store) => ({
      sessions: store.sessions(),
      tasks: store.snapshot().tasks,
    }));
    const bySession = times("createSession", "openSession", "createFeedSession", "addTask", "addWorktree", ...waiting);
    assert.ok(sessions.length <= bySession + times("wrapperRegister"), `${sessions.length} sessions`);
    assert.ok(tasks.length <= sessions.length + bySession + times("upsertTask"), `${tasks.length} tasks`);
  });

  it("leave nothing open that was not open before", async () => {
    if (process.platform !== "linux") return;
    agent.destroy();
    await until(async () => (await openFiles()) <= filesBefore, "the gateway to have closed what it opened");
  });

  it("need no more memory all together than the half of them", async () => {
    if (process.platform !== "linux") return;
    const memory = await memoryKb();
    assert.ok(memory < memoryOfHalf * 1.4, `${memoryOfHalf} kB became ${memory} kB`);
  });

  it("leave a gateway that answers", async () => {
    assert.equal((await gateway.client.call("health", {})).pid, gateway.pid);
  });

  const times = (...names: readonly unknown[]) =>
    names.reduce((sum: number, name) => sum + (succeeded.get(name) ?? 0), 0);

  const openFiles = async () => (await readdir(`/proc/${gateway.pid}/fd`)).length;
  const memoryKb = async () => {
    const status = await readFile(`/proc/${gateway.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  };
});

/**
 * No process of this machine may be named: to end a session is to end it. And what is held stays held: no program is started.
 */
function disarm(value: unknown, key = ""): unknown {
  if (key === "pid" && typeof value === "number" && value > 0) return NO_PID;
  if (key === "whenPaused" && value === "start") return "refuse";
  if (key === "until" && typeof value === "number") return null;
  if (key === "block") return "block";
  if (key === "force") return false;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((part) => disarm(part));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, disarm(part, name)]));
}
