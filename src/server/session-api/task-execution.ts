import type { Session, Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import type { Store } from "../store/store.ts";
import type { TaskService } from "../tasks/task-service.ts";
import type { CurrentSession } from "./current-session.ts";
import { allowedFolder, type SessionCreation } from "./session-creation.ts";

type Execute = RouteBody<"executeTask">;

export interface TaskExecutionOptions {
  readonly tasks: TaskService;
  readonly creation: SessionCreation;
  readonly current: CurrentSession;
  readonly store: Pick<Store, "session">;
  /** The gateway's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The person's home folder. */
  readonly homeFolder: string;
}

/** Hands tasks of other tools to agents, at once or not at all. */
export class TaskExecution {
  readonly #options: TaskExecutionOptions;

  constructor(options: TaskExecutionOptions) {
    this.#options = options;
  }

  /** @throws {TallyError} when it may not begin: `paused` while a limit holds it, and nothing is queued then */
  async begin(order: Execute): Promise<Task & { readonly sessionId: string }> {
    const { id: sessionId } = await this.#sessionFor(order);
    const { task } = await this.#options.tasks.add(this.#taskIn({ sessionId }, order));
    return { ...task, sessionId };
  }

  #taskIn(place: RouteBody<"addTask">["place"], { task, args, env, timeLimitMs }: Execute): RouteBody<"addTask"> {
    return {
      prompt: task.description,
      type: task.type,
      place,
      args,
      env: env ?? { ...(this.#environmentIn(place) ?? this.#options.env) },
      origin: "http",
      timeLimitMs,
      at: "first",
      whenPaused: "refuse",
    };
  }

  #environmentIn(place: RouteBody<"addTask">["place"]): Readonly<Record<string, string>> | undefined {
    return "sessionId" in place ? this.#options.creation.environmentOf(place.sessionId) : undefined;
  }

  async #sessionFor(order: Execute): Promise<Session> {
    const { creation, current, store, homeFolder } = this.#options;
    const cwd = order.workingDirectory === undefined ? null : await allowedFolder(order.workingDirectory);
    if (order.sessionId !== undefined) {
      const session = store.session(order.sessionId);
      if (!session) {
        throw new TallyError(
          "session-not-found",
          `There is no session ${order.sessionId}. See them with GET /sessions.`,
        );
      }
      const misfit = misfitOf(session, { ...order, cwd });
      if (misfit === null) return session;
      throw new TallyError(
        "invalid-request",
        `Session ${session.id} ${misfit}. Leave that out, or name another session.`,
      );
    }
    const open = current.open();
    if (open && misfitOf(open, { ...order, cwd }) === null) return open;
    const { agent, persona, env } = order;
    // A session that is made for a task that may not begin would be left over.
    await this.#options.tasks.check({ ...this.#taskIn({ cwd: cwd ?? homeFolder }, order), agent, persona });
    const { session } = await creation.create({ cwd: cwd ?? homeFolder, agent, persona, env });
    current.set(session.id);
    return session;
  }
}

/** Why a session is none in which such a task is done, in words that follow its name; null if it is one. */
function misfitOf(
  session: Session,
  { cwd, agent, persona }: Pick<Execute, "agent" | "persona"> & { readonly cwd: string | null },
): string | null {
  if (cwd !== null && cwd !== session.cwd) return `works in ${session.cwd}, not in ${cwd}`;
  if (agent !== undefined && agent !== session.agent) return `is one of ${session.agent}, not of ${agent}`;
  if (persona !== undefined && persona !== session.persona) return `does not have persona ${persona}`;
  return null;
}
