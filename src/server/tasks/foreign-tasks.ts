import type { Project, Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import { isTaskEnded, type TaskState } from "../../protocol/states.ts";
import type { ForeignState, ForeignTask } from "../../protocol/task-api.ts";
import type { Store } from "../store/store.ts";
import { blankTask } from "./blank-task.ts";
import { placeOf, settle } from "../worktrees/projects.ts";

const ENDED_TASKS_TOLD = 1_000;

/** Tasks that foreign tools report over the task API. */
export class ForeignTasks {
  readonly #store: Store;
  readonly #now: () => number;

  constructor(options: { store: Store; now: () => number }) {
    this.#store = options.store;
    this.#now = options.now;
  }

  /** Creates the task, or updates the one that has this id already. */
  async upsert({ project: reported, task: report }: RouteBody<"upsertTask">): Promise<Task> {
    const place = await placeOf(reported.repoPath);
    const now = this.#now();
    return this.#store.change((transaction) => {
      const claims = { name: reported.name || undefined, ide: reported.ide ?? undefined };
      const project = settle(this.#store, transaction, place, claims, now);
      const known = this.#store.task(report.id);
      if (known) refuseRun(known);
      const state = report.state ?? known?.state ?? "RUNNING";
      const task: Task = {
        ...(known ?? blankTask),
        id: report.id,
        projectId: known?.sessionId ? known.projectId : project.id,
        sessionId: known?.sessionId ?? null,
        kind: known?.kind ?? "foreign",
        agent: report.agent || known?.agent || "custom",
        title: report.title || known?.title || report.id,
        state,
        details: report.details ?? known?.details ?? null,
        createdAt: known?.createdAt ?? now,
        updatedAt: now,
        endedAt: isTaskEnded(state) ? (known?.endedAt ?? now) : null,
      };
      transaction.putTask(task);
      return task;
    });
  }

  setState(id: string, state: TaskState, details: string | null | undefined): Task {
    const ended = isTaskEnded(state);
    refuseRun(this.#get(id));
    return this.#update(id, (task) => ({
      ...task,
      state,
      details: details ?? task.details,
      endedAt: ended ? (task.endedAt ?? this.#now()) : null,
    }));
  }

  setDetails(id: string, details: string | null): Task {
    return this.#update(id, (task) => ({ ...task, details }));
  }

  pin(id: string, pinned: boolean): Task {
    return this.#update(id, (task) => ({ ...task, pinned }));
  }

  /** @throws {TallyError} `task-not-found`; `session-live` for the root task of a session that still runs. */
  remove(id: string): void {
    const task = this.#get(id);
    if (!isTaskEnded(task.state)) refuseRun(task);
    const session = task.kind === "root" && task.sessionId ? this.#store.session(task.sessionId) : null;
    if (session && session.endedAt === null) {
      throw new TallyError("session-live", `Task ${id} is session ${session.id}, which still runs. End that first.`);
    }
    this.#store.change((transaction) => transaction.removeTask(id));
  }

  /** The projects, the tasks that have not ended and the latest that have, in the shape that wrappers read. */
  state(): ForeignState {
    const projects = this.#store.projects();
    const tasks = this.#store.latestTasks(ENDED_TASKS_TOLD);
    const updatedAt = [...projects, ...tasks].reduce((latest, each) => Math.max(latest, each.updatedAt), 0);
    return {
      projects: Object.fromEntries(projects.map((project) => [project.id, toForeignProject(project)])),
      tasks: Object.fromEntries(tasks.map((task) => [task.id, toForeignTask(task)])),
      updatedAt,
    };
  }

  #update(id: string, next: (task: Task) => Task): Task {
    const task = { ...next(this.#get(id)), updatedAt: this.#now() };
    this.#store.change((transaction) => transaction.putTask(task));
    return task;
  }

  #get(id: string): Task {
    const task = this.#store.task(id);
    if (task) return task;
    throw new TallyError("task-not-found", `There is no task "${id}". Report it first with POST /v1/tasks/upsert.`);
  }
}

/** What was handed over to Tally is in the hands of the queue. @throws {TallyError} `task-live` */
function refuseRun({ id, kind }: Task): void {
  if (kind !== "run") return;
  throw new TallyError(
    "task-live",
    `Task ${id} is Tally's own. Stop it, or take it out of the queue: tally queue remove ${id}`,
  );
}

export function toForeignTask(task: Task): ForeignTask {
  const { id, projectId, sessionId, agent, title, state, details, pinned, createdAt, updatedAt } = task;
  return { id, projectId, sessionId, agent, title, state, details, pinned, createdAt, updatedAt };
}

function toForeignProject({ id, name, path, preferredIde, createdAt, updatedAt }: Project) {
  return { id, name, repoPath: path, preferredIDE: preferredIde, preferredIde, createdAt, updatedAt };
}
