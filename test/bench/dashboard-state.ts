import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { Project, Session, Task } from "../../src/protocol/entities.ts";
import type { SessionState } from "../../src/protocol/states.ts";
import { type KeptOrder, keptOrderSchema } from "../../src/server/tasks/kept-order.ts";
import { openDatabase } from "../../src/server/store/database.ts";
import { Store } from "../../src/server/store/store.ts";
import { idOf } from "../../src/server/worktrees/projects.ts";
import { anAccount, aPause, aProject, aReason, aRun, aSession, aTask } from "../support/entities.ts";

export const SESSIONS = 60;
/** Those that have not ended: a window is told of all of them, and of the latest that ended besides. */
export const TASKS = 2_000;
const ENDED_PROMPTS = 600;
/** Of the tasks: those that a limit keeps in the queue. The others are foreign but for the sessions' own. */
const QUEUED_TASKS = 400;
const PROJECTS = 6;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PAUSE_ID = "pause1";
const foreignStates = ["RUNNING", "IDLE", "QUEUED"] as const;

/** What was written, for whoever changes it then. */
export interface FilledState {
  readonly sessionIds: readonly string[];
  readonly foreignTasks: readonly Task[];
  /** A task that is the first one of its kind both in the tree and on the dashboard: it waits, and is the oldest. */
  readonly first: { readonly id: string; readonly title: string; readonly repoPath: string };
}

/**
 * Fills a store that no gateway has open, as weeks of work do: sessions, without a terminal since a gateway looks for those of
 * the others, with the prompts that were given in them, a queue that a limit holds, and tasks of other tools that go on.
 */
export function fillState(stateDb: string, folder: string, now: number): FilledState {
  const projects = Array.from({ length: PROJECTS }, (_, n) => projectIn(folder, n));
  const projectOf = (n: number) => projects[n % PROJECTS] ?? aProject();
  const sessions = Array.from({ length: SESSIONS }, (_, n) => sessionOf(n, now, projectOf(n)));
  const roots = sessions.map(rootTask);
  const queued = Array.from({ length: QUEUED_TASKS }, (_, n) => queuedOf(n, now, projectOf(n)));
  const first = firstTask(now, projectOf(0));
  const openRoots = roots.filter(({ endedAt }) => endedAt === null);
  const foreignCount = TASKS - openRoots.length - queued.length - 1;
  const foreignTasks = Array.from({ length: foreignCount }, (_, n) => foreignOf(n, now, projectOf(n)));
  const prompts = Array.from({ length: ENDED_PROMPTS }, (_, n) => promptOf(n, now, projectOf(n)));
  const store = new Store(openDatabase(stateDb), () => now);
  store.change((transaction) => {
    for (const project of projects) transaction.putProject(project, { givenName: null });
    transaction.putAccount(anAccount());
    transaction.putPause(
      aPause({ id: PAUSE_ID, since: now, until: now + 5 * HOUR_MS, createdAt: now, updatedAt: now }),
    );
    for (const session of sessions) transaction.putSession(session);
    for (const task of [...roots, ...prompts, first, ...foreignTasks]) transaction.putTask(task);
    for (const [task, order] of queued) transaction.putTask(task, { orderKept: JSON.stringify(order) });
  });
  store.close();
  const { id, title } = first;
  return {
    sessionIds: sessions.map((session) => session.id),
    foreignTasks,
    first: { id, title, repoPath: projectOf(0).path },
  };
}

/** With the id by which the gateway knows that folder. */
function projectIn(folder: string, n: number): Project {
  const name = `project${n}`;
  mkdirSync(join(folder, name), { recursive: true });
  const path = realpathSync(join(folder, name));
  return aProject({ id: idOf(path), name, path, commonDir: null });
}

function sessionOf(n: number, now: number, { id: projectId, path }: Project): Session {
  const state: SessionState = n % 3 === 0 ? "DONE" : "IDLE";
  const createdAt = now - (SESSIONS - n) * 20 * MINUTE_MS;
  const updatedAt = createdAt + 10 * MINUTE_MS;
  return aSession({
    id: `session${n}`,
    rootTaskId: rootOf(n),
    title: `Session number ${n}`,
    ...{ projectId, cwd: path, mode: "headless", state, stateSince: updatedAt },
    reason: aReason({ text: "Its turn is finished.", at: updatedAt }),
    ...{ createdAt, updatedAt, endedAt: state === "DONE" ? updatedAt : null },
  });
}

function rootTask({ rootTaskId: id, id: sessionId, state, ...session }: Session): Task {
  const { projectId, agent, title, createdAt, updatedAt, endedAt } = session;
  const taskState = state === "DONE" ? state : "IDLE";
  return aTask({
    id,
    projectId,
    sessionId,
    kind: "root",
    agent,
    title,
    state: taskState,
    createdAt,
    updatedAt,
    endedAt,
  });
}

function promptOf(n: number, now: number, { id: projectId }: Project): Task {
  const endedAt = now - n * 10 * MINUTE_MS;
  const usage = {
    inputTokens: 1_200,
    outputTokens: 3_400,
    cacheReadTokens: 56_000,
    cacheWriteTokens: 0,
    costUsd: 0.12,
  };
  const place = { projectId, sessionId: `session${n % SESSIONS}`, agent: "claude" };
  const times = { createdAt: endedAt - 5 * MINUTE_MS, updatedAt: endedAt, endedAt };
  const state = n % 10 === 0 ? "ERROR" : "DONE";
  return aTask({ id: `prompt${n}`, kind: "prompt", title: `Prompt number ${n}`, state, usage, ...place, ...times });
}

/** With what the gateway keeps of it: the limit that it met, and which holds it. */
function queuedOf(n: number, now: number, { id: projectId, path }: Project): readonly [Task, KeptOrder] {
  const createdAt = now - (TASKS - n) * 1_000;
  const title = `Queued number ${n}`;
  const times = { createdAt, updatedAt: createdAt };
  const task = aRun({ id: `queued${n}`, projectId, title, accountId: anAccount().id, position: n + 1, ...times });
  const order = {
    agent: "claude",
    persona: null,
    args: [],
    env: {},
    cwd: path,
    origin: "cli",
    model: null,
    isForced: false,
  };
  return [task, keptOrderSchema.parse({ ...order, blockedBy: PAUSE_ID })];
}

function firstTask(now: number, { id: projectId }: Project): Task {
  const createdAt = now - 2 * TASKS * 1_000;
  const place = { id: "first", projectId, agent: "bench" };
  return aTask({ ...place, title: "The first one", state: "WAITING_USER", createdAt, updatedAt: createdAt });
}

function foreignOf(n: number, now: number, { id: projectId }: Project): Task {
  const createdAt = now - (TASKS - n) * 1_000;
  const place = { projectId, agent: "bench" };
  const state = foreignStates[n % foreignStates.length] ?? "RUNNING";
  return aTask({ id: `foreign${n}`, title: `Task number ${n}`, state, ...place, createdAt, updatedAt: createdAt });
}

const rootOf = (n: number): string => `claude-${1_000 + n}-abcdefghi`;
