import type { GatewayClient } from "../../src/client/http.ts";
import type { Task } from "../../src/protocol/entities.ts";
import { tallyHome } from "../../src/protocol/home.ts";
import { toCursor } from "../../src/server/store/cursor.ts";
import { openDatabase } from "../../src/server/store/database.ts";
import { Store } from "../../src/server/store/store.ts";
import { anAccount, aProject, aQuota, aRun, aSession, aTask } from "../support/entities.ts";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { startRig } from "./rig.ts";
import { interleaved, p95, timeMs } from "./statistics.ts";

const TASKS = 100_000;
const SESSIONS = 500;
const PROJECTS = 5;
/** So many of the tasks are in one session. */
const IN_THE_LARGEST = 20_000;
const WAITING = 20;
const ROUNDS = 60;
const TARGET_MS = 50;
const BATCH = 5_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** The tasks were done over so many days. */
const DAYS = 390;
const STEP_MS = Math.floor((DAYS * DAY_MS) / TASKS);
/** So many sessions live, and were in so many states in the last day. */
const LIVE = 60;
const STATES = 100;
/** How often an agent told how much of its account is used, for so many days. */
const QUOTA_EVERY_MS = 5 * MINUTE_MS;
const QUOTA_DAYS = 60;
const LARGEST = "session0";

export const history: Measurement = {
  name: "history",
  about: `${TASKS} tasks in ${SESSIONS} sessions: pages of tasks and of histories, the snapshot, and what is drawn over time, over HTTP`,
  async run(): Promise<Figure[]> {
    await using rig = await startRig();
    const now = Date.now();
    fill(tallyHome(rig.env).stateDb, now);
    const client = rig.connect();
    const questions = questionsTo(client, now);
    const samples = await interleaved(ROUNDS, {
      "plain request": () => timeMs(() => client.call("health", {})),
      ...questions,
    });
    const plain = p95(samples["plain request"]);
    return (Object.keys(questions) as (keyof typeof questions)[]).map((name) => {
      const value = p95(samples[name]);
      const detail = `${(value / plain).toFixed(1)} times a plain request, which takes ${plain.toFixed(2)} ms`;
      return figure({ label: `${name}, 95th percentile`, value, unit: "ms", detail, below: TARGET_MS });
    });
  },
};

/** Pages at the beginning and in the middle, of everything and of what hardly anything fits. */
function questionsTo(client: GatewayClient, now: number) {
  const middle = toCursor({ createdAt: momentOf(TASKS / 2, now), id: "" });
  const early = toCursor({ createdAt: momentOf(IN_THE_LARGEST / 2, now), id: "" });
  const timed = (work: () => Promise<unknown>) => () => timeMs(work);
  return {
    "tasks, first page": timed(() => client.call("listTasks", { query: {} })),
    "tasks, middle page": timed(() => client.call("listTasks", { query: { cursor: middle } })),
    "tasks of a rare state": timed(() =>
      client.call("listTasks", { query: { state: "WAITING_USER", projectId: "project1" } }),
    ),
    "sessions' histories": timed(() => client.call("history", { query: {} })),
    "a session's history": timed(() => client.call("sessionHistory", { id: LARGEST, query: {} })),
    "a session's history, middle page": timed(() =>
      client.call("sessionHistory", { id: LARGEST, query: { cursor: early } }),
    ),
    "tasks for wrappers": timed(() => client.call("taskState", {})),
    snapshot: timed(() => client.call("snapshot", {})),
    "work of 30 days": timed(() => client.call("stats", { query: { timeZone: "Europe/Berlin" } })),
    "work of all days": timed(() => client.call("stats", { query: { since: 0, timeZone: "Europe/Berlin" } })),
    "timeline of a day": timed(() => client.call("timeline", { query: { since: now - DAY_MS } })),
    "use of accounts in a week": timed(() => client.call("quotaHistory", { query: { since: now - 7 * DAY_MS } })),
  };
}

function fill(stateDb: string, now: number): void {
  const store = new Store(openDatabase(stateDb), Date.now);
  store.change((transaction) => {
    for (let n = 0; n < PROJECTS; n++) transaction.putProject(aProject({ id: `project${n}` }), { givenName: null });
    for (let n = 0; n < SESSIONS; n++) {
      const at = momentOf(n, now);
      const ended = { state: "DONE", createdAt: at, updatedAt: at, endedAt: at } as const;
      transaction.putSession(aSession({ id: `session${n}`, projectId: projectOf(n), ...ended }));
    }
  });
  for (let first = 0; first < TASKS; first += BATCH) {
    store.change((transaction) => {
      for (let n = first; n < first + BATCH; n++) transaction.putTask(taskOf(n, now));
    });
  }
  fillSeries(store, now);
  store.close();
}

function fillSeries(store: Store, now: number): void {
  store.change((transaction) => {
    for (let n = 0; n < LIVE * STATES; n++) {
      const stateSince = now - DAY_MS + n * Math.floor(DAY_MS / (LIVE * STATES));
      const state = Math.floor(n / LIVE) % 2 === 0 ? "RUNNING" : "IDLE";
      transaction.putSession(aSession({ id: `live${n % LIVE}`, projectId: "project0", state, stateSince }));
    }
    for (let at = now - QUOTA_DAYS * DAY_MS; at < now; at += QUOTA_EVERY_MS) {
      const usedPercent = (at / QUOTA_EVERY_MS) % 100;
      const told = { usedPercent, at } as const;
      const quotas = [aQuota({ ...told, kind: "five-hour" }), aQuota({ ...told, kind: "weekly" })];
      transaction.putAccount(anAccount({ quotas }));
    }
  });
}

/** When the nth task was made. */
const momentOf = (n: number, now: number): number => now - DAYS * DAY_MS + n * STEP_MS;

function taskOf(n: number, now: number): Task {
  const session = n < IN_THE_LARGEST ? 0 : n % SESSIONS;
  const createdAt = momentOf(n, now);
  const place = { id: `task${n}`, projectId: projectOf(session), sessionId: `session${session}`, createdAt };
  if (n >= TASKS - WAITING) return aRun({ ...place, position: n });
  const ended = {
    state: n % 10 === 0 ? "ERROR" : "DONE",
    updatedAt: createdAt,
    endedAt: createdAt + MINUTE_MS,
  } as const;
  const usage = { inputTokens: 100, outputTokens: 50, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.25 };
  const said = {
    description: "Find out why the tests fail, and mend it. ".repeat(10),
    result: "All tests pass. ".repeat(20),
  };
  return aTask({ ...place, ...ended, ...said, usage, kind: "prompt" });
}

const projectOf = (session: number): string => `project${session % PROJECTS}`;
