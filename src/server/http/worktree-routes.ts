import { realpath } from "node:fs/promises";
import type { Session, Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import type { Store, StoredSession } from "../store/store.ts";
import { listBranches } from "../worktrees/branches.ts";
import { findWorktree } from "../worktrees/find-worktree.ts";
import { readJournal } from "../worktrees/journal.ts";
import { mainCheckoutOf } from "../worktrees/main-checkout.ts";
import { pruneCandidates } from "../worktrees/prune.ts";
import { resumeWorktree, type ResumingWorktreeOptions } from "../worktrees/resuming-worktree.ts";
import { dropSnapshot, listSnapshots } from "../worktrees/snapshot/snapshots.ts";
import type { Worktrees } from "../worktrees/worktrees.ts";
import type { RouteHandlers } from "./router.ts";

type WorktreeRoutes = Pick<
  RouteHandlers,
  | "addWorktree"
  | "adoptWorktree"
  | "resolveWorktree"
  | "worktreeRisk"
  | "removeWorktree"
  | "cancelWorktree"
  | "repairWorktree"
  | "resumeWorktree"
  | "snapshots"
  | "restoreWorktree"
  | "dropSnapshot"
  | "pruneCandidates"
  | "branches"
>;

export interface WorktreeRoutesOptions extends Omit<ResumingWorktreeOptions, "operations"> {
  readonly store: Store;
  readonly worktrees: Worktrees;
  readonly resumeSession: (session: StoredSession, body: RouteBody<"resumeSession">) => Promise<Session>;
}

const idOf = (params: Readonly<Record<string, string>>): string => params["id"] ?? "";

export function worktreeRoutes(options: WorktreeRoutesOptions): WorktreeRoutes {
  const { store, worktrees } = options;
  const projectOf = async (cwd: string | undefined) =>
    cwd === undefined ? null : ((await mainCheckoutOf(cwd).catch(() => null))?.projectId ?? null);
  return {
    addWorktree: ({ body }) => worktrees.adding.add(body),
    adoptWorktree: async ({ body }) => ({ worktree: await worktrees.adding.adopt(body) }),
    resolveWorktree: async ({ query }) => {
      const ref = await realpath(query.ref).catch(() => query.ref);
      const known = store.worktrees();
      const worktree = findWorktree(
        known,
        known.some(({ path }) => path === ref) ? ref : query.ref,
        await projectOf(query.cwd),
      );
      const project = store.project(worktree.projectId);
      if (!project) throw new TallyError("internal", `Worktree ${worktree.name} has no project.`);
      return { worktree, project };
    },
    worktreeRisk: ({ params }) => worktrees.removing.risk(idOf(params)),
    removeWorktree: ({ params, body }) => worktrees.removing.remove(idOf(params), body),
    cancelWorktree: async ({ params }) => ({ worktree: await worktrees.cancel(idOf(params)) }),
    repairWorktree: async ({ params, body }) => ({ worktree: await worktrees.repair(idOf(params), body) }),
    resumeWorktree: ({ params, body }) =>
      resumeWorktree(idOf(params), body, { ...options, operations: worktrees.operations }),
    snapshots: async ({ query }) => ({ snapshots: await listSnapshots((await mainCheckoutOf(query.cwd)).commonDir) }),
    restoreWorktree: ({ body }) => worktrees.restoring.restore(body),
    dropSnapshot: async ({ body }) => {
      refuseNeeded(store, body.ref);
      await dropSnapshot((await mainCheckoutOf(body.cwd)).commonDir, body.ref);
      return {};
    },
    pruneCandidates: async ({ query }) => {
      const main = await mainCheckoutOf(query.cwd);
      const [candidates, snapshots] = await Promise.all([pruneCandidates(main, store), listSnapshots(main.commonDir)]);
      return { candidates, snapshots };
    },
    branches: async ({ query }) => listBranches((await mainCheckoutOf(query.cwd)).commonDir),
  };
}

/** @throws {TallyError} `worktree-busy` for the snapshot from which a worktree that is broken may have to be brought back */
function refuseNeeded(store: Store, ref: string): void {
  const isNeeded = ({ id }: Worktree) => {
    const journal = readJournal(store.worktreeJournal(id));
    return journal?.removal?.snapshotRef === ref || journal?.restoredFrom === ref;
  };
  const worktree = store.worktrees().find(isNeeded);
  if (!worktree) return;
  throw new TallyError(
    "worktree-busy",
    `Worktree ${worktree.name} may still have to be brought back from that snapshot. First: tally repair ${worktree.name}`,
  );
}
