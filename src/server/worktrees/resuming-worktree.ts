import type { Session, Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { RouteBody, RouteResult } from "../../protocol/routes.ts";
import type { Store, StoredSession } from "../store/store.ts";
import { leasesLeft } from "./add-steps.ts";
import type { Approvals } from "./approval.ts";
import { requireApproval, runsCommands } from "./approval.ts";
import type { Journal } from "./journal.ts";
import { mainCheckoutOf } from "./main-checkout.ts";
import type { Operations } from "./operations.ts";
import type { PortLeases } from "./ports.ts";
import type { Processes } from "./processes/processes.ts";
import { readRecipe } from "./recipe.ts";
import { exists } from "./remove-steps.ts";
import type { WorktreeRows } from "./worktree-rows.ts";

type Resumed = RouteResult<"resumeWorktree">;

export interface ResumingWorktreeOptions {
  readonly store: Store;
  readonly rows: WorktreeRows;
  readonly operations: Operations;
  readonly approvals: Approvals;
  readonly leases: PortLeases;
  readonly processes: Processes;
  /** Resolves once it is known which terminals there still are. */
  readonly untilPtyHostsKnown: () => Promise<void>;
  readonly resumeSession: (session: StoredSession, body: RouteBody<"resumeSession">) => Promise<Session>;
}

/**
 * Brings back what is missing in a worktree: its processes, and conversations whose process is gone. Done again it does nothing.
 * @throws {TallyError} `worktree-not-ready`, `worktree-busy`, `folder-missing`, `approval-needed` when tally.json says something else by now
 */
export function resumeWorktree(
  id: string,
  body: RouteBody<"resumeWorktree">,
  options: ResumingWorktreeOptions,
): Promise<Resumed> {
  const { rows, operations } = options;
  return operations.claim(rows.get(id), () => bringBack(id, body, options));
}

async function bringBack(
  id: string,
  { env, force }: RouteBody<"resumeWorktree">,
  options: ResumingWorktreeOptions,
): Promise<Resumed> {
  const { rows, processes, store } = options;
  const worktree = rows.get(id);
  const journal = rows.journal(id);
  if (worktree.status !== "ready") {
    throw new TallyError(
      "worktree-not-ready",
      `Worktree ${worktree.name} is not whole. Finish or undo it: tally repair ${worktree.name}`,
    );
  }
  if (!(await exists(worktree.path))) {
    throw new TallyError(
      "folder-missing",
      `The folder ${worktree.path} is gone. Forget the worktree with: tally remove ${worktree.name} --force`,
    );
  }
  await takePresentRecipe(worktree, journal, options);
  // What cannot be reached just now may be gone, and is brought back only then.
  await options.untilPtyHostsKnown();
  const started = await processes.resume(id, env);
  const sessions = await Promise.all(
    toResume(worktree, store.sessions()).map((session) => resumeOne(session, { env, force }, options)),
  );
  return { worktree: rows.get(id), sessions, processes: started };
}

/** What the main checkout's tally.json says now holds from here on; one that cannot be read changes nothing. */
async function takePresentRecipe(
  worktree: Worktree,
  journal: Journal,
  options: ResumingWorktreeOptions,
): Promise<void> {
  const { store, rows, approvals, leases, processes } = options;
  const project = store.project(worktree.projectId);
  if (project === null) return;
  const main = await mainCheckoutOf(project.path);
  const { recipe, path, problem } = await readRecipe(main, journal.plan?.commit ?? null);
  if (problem !== null) return;
  // Of a worktree in which nothing is to be started, what it was made with stays.
  if (journal.skipCommands) return;
  if (runsCommands(recipe)) requireApproval(approvals.commandsOf(main, recipe, path));
  const had = leasesLeft(worktree.ports, { plan: journal.plan, recipe });
  const missing = recipe.ports.filter(({ name }) => !had.some((lease) => lease.name === name));
  await leases.lease(missing, (leased) => rows.update(worktree.id, { ports: [...had, ...leased] }, { recipe }));
  processes.describe(rows.get(worktree.id), recipe);
}

/** Those that ended without anybody having ended them, and the one that was started with the worktree, unless another lives there. */
export function toResume({ id, agentSessionId }: Worktree, sessions: readonly StoredSession[]): StoredSession[] {
  const here = sessions.filter(({ worktreeId }) => worktreeId === id);
  const hasLive = here.some(({ endedAt }) => endedAt === null);
  return here.filter((session) => {
    if (session.endedAt === null) return session.mode === "pty";
    if (session.mode !== "pty") return false;
    return session.id === agentSessionId ? !hasLive || wasLost(session) : wasLost(session);
  });
}

function wasLost({ state, endRequested }: StoredSession): boolean {
  return state === "ERROR" && !endRequested;
}

async function resumeOne(
  session: StoredSession,
  { env, force }: Pick<RouteBody<"resumeWorktree">, "env" | "force">,
  { resumeSession }: ResumingWorktreeOptions,
): Promise<Resumed["sessions"][number]> {
  if (session.endedAt === null) {
    const isHeld = session.state === "PAUSED";
    return { session, outcome: isHeld ? "held" : "running", why: isHeld ? session.reason.text : null };
  }
  try {
    const body = { prompt: null, env, cols: 80, rows: 24, awaitViewerMs: 0, force };
    return { session: await resumeSession(session, body), outcome: "resumed", why: null };
  } catch (error) {
    if (!(error instanceof TallyError)) throw error;
    return { session, outcome: error.code === "paused" ? "held" : "failed", why: error.message };
  }
}
