import type { GatewayClient } from "../../src/client/http.ts";
import type { Task } from "../../src/protocol/entities.ts";
import { tallyHome } from "../../src/protocol/home.ts";
import { toCursor } from "../../src/server/store/cursor.ts";
import { openDatabase } from "../../src/server/store/database.ts";
import { Store } from "../../src/server/store/store.ts";
import { aProject, aRun, aSession, aTask } from "../support/entities.ts";
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
const STEP_MS = 1_000;
const LARGEST = "session0";

export const history: Measurement = {
  name: "history",
  about: `${TASKS} tasks in ${SESSIONS} sessions: pages of tasks and of histories, and the snapshot, over HTTP`,
  async run(): Promise<Figure[]> {
    await using rig = await startRig();
    fill(tallyHome(rig.env).stateDb);
    const client = rig.connect();
    const questions = questionsTo(client);
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
function questionsTo(client: GatewayClient) {
  const middle = toCursor({ createdAt: (TASKS / 2) * STEP_MS, id: "" });
  const early = toCursor({ createdAt: (IN_THE_LARGEST / 2) * STEP_MS, id: "" });
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
  };
}

function fill(stateDb: string): void {
  const store = new Store(openDatabase(stateDb), Date.now);
  store.change((transaction) => {
    for (let n = 0; n < PROJECTS; n++) transaction.putProject(aProject({ id: `project${n}` }), { givenName: null });
    for (let n = 0; n < SESSIONS; n++) {
      const at = n * STEP_MS;
      const ended = { state: "DONE", createdAt: at, updatedAt: at, endedAt: at } as const;
      transaction.putSession(aSession({ id: `session${n}`, projectId: projectOf(n), ...ended }));
    }
  });
  for (let first = 0; first < TASKS; first += BATCH) {
    store.change((transaction) => {
      for (let n = first; n < first + BATCH; n++) transaction.putTask(taskOf(n));
    });
  }
  store.close();
}

function taskOf(n: number): Task {
  const session = n < IN_THE_LARGEST ? 0 : n % SESSIONS;
  const createdAt = n * STEP_MS;
  const place = { id: `task${n}`, projectId: projectOf(session), sessionId: `session${session}`, createdAt };
  if (n >= TASKS - WAITING) return aRun({ ...place, position: n });
  const ended = { state: n % 10 === 0 ? "ERROR" : "DONE", updatedAt: createdAt, endedAt: createdAt + STEP_MS } as const;
  const said = {
    description: "Find out why the tests fail, and mend it. ".repeat(10),
    result: "All tests pass. ".repeat(20),
  };
  return aTask({ ...place, ...ended, ...said, kind: "prompt" });
}

const projectOf = (session: number): string => `project${session % PROJECTS}`;
