import { access, rename } from "node:fs/promises";
import { TallyError } from "../../protocol/errors.ts";
import type { StepId } from "../../protocol/worktrees.ts";
import type { Store } from "../store/store.ts";
import type { AgentCheckoutPermissions } from "./agent-permissions.ts";
import { deleteBranch } from "./branches.ts";
import { removeAdmin } from "./checkouts.ts";
import { deleteTree } from "./delete-tree.ts";
import type { Journal, Removal } from "./journal.ts";
import type { MainCheckout } from "./main-checkout.ts";
import type { PlannedStep } from "./operations.ts";
import type { Processes } from "./processes/processes.ts";
import { dropSnapshot } from "./snapshot/snapshots.ts";
import { takeSnapshot } from "./snapshot/take.ts";
import type { WorktreeRows } from "./worktree-rows.ts";

export interface RemoveStepsOptions {
  readonly rows: WorktreeRows;
  readonly store: Store;
  readonly processes: Processes;
  readonly permissions: AgentCheckoutPermissions;
  readonly endSession: (id: string) => Promise<unknown>;
}

export interface RemoveOrder {
  readonly worktreeId: string;
  readonly main: MainCheckout;
  readonly journal: Journal;
  readonly removal: Removal;
  readonly env: Readonly<Record<string, string>>;
}

/** The steps that remove a worktree, or that finish a removal which was begun. */
export function removeSteps(order: RemoveOrder, options: RemoveStepsOptions): PlannedStep[] {
  const { journal, removal } = order;
  const hasTeardown = journal.recipe.teardown.length > 0 && !removal.skipCommands;
  const steps: (PlannedStep | null)[] = [
    endAll(order, options),
    hasTeardown ? tearDown(order, options) : null,
    keepSnapshot(order, options),
    deleteFolder(order, options),
    removal.deleteBranch === null ? null : removeBranch(order, removal.deleteBranch),
  ];
  return steps.filter((step) => step !== null);
}

function endAll({ worktreeId }: RemoveOrder, { store, processes, endSession }: RemoveStepsOptions): PlannedStep {
  return {
    id: "end",
    label: "End what runs in it",
    run: async () => {
      const live = store.liveSessions().filter((session) => session.worktreeId === worktreeId);
      await Promise.all([...live.map(({ id }) => endSession(id).catch(orIfEnded)), processes.stopAll(worktreeId)]);
      return live.length === 0 ? null : `${live.length} ${live.length === 1 ? "session" : "sessions"}`;
    },
  };
}

/** It ended by itself in the meantime. */
function orIfEnded(error: unknown): void {
  if (!(error instanceof TallyError && error.code === "session-ended")) throw error;
}

function tearDown(
  { worktreeId, journal, removal, env }: RemoveOrder,
  { rows, processes }: RemoveStepsOptions,
): PlannedStep {
  return {
    id: "teardown",
    label: "Tear down",
    run: async ({ signal, tell, showProcess }) => {
      const worktree = rows.get(worktreeId);
      if (!(await exists(worktree.path))) return "Its folder is gone.";
      const { teardown, prelude } = journal.recipe;
      for (const [index, command] of teardown.entries()) {
        tell(command.run);
        const outcome = await processes.runOnce(worktree, { kind: "teardown", index, prelude, ...command }, env, {
          signal,
          onProcess: showProcess,
        });
        signal.throwIfAborted();
        if (!outcome.ok && !removal.isForced) {
          throw new TallyError(
            "setup-failed",
            `${command.run}: ${outcome.why} Nothing was removed. Correct it, or go on without: tally remove ${worktree.name} --no-teardown`,
          );
        }
      }
      return null;
    },
  };
}

function keepSnapshot(
  { worktreeId, main, journal, removal }: RemoveOrder,
  { rows, store }: RemoveStepsOptions,
): PlannedStep {
  return {
    id: "snapshot",
    label: "Keep a snapshot",
    run: async ({ signal, tell }) => {
      const worktree = rows.get(worktreeId);
      const present = rows.journal(worktreeId).removal ?? removal;
      if (present.isSnapshotTaken) return present.snapshotRef;
      if (!(await exists(removal.trash))) {
        if (await exists(worktree.path)) await moveAside(worktree.path, removal.trash);
        // Git may still know what was staged, and what was committed on no branch.
        else if (removal.adminDir === null) return "Its folder is gone: there was nothing to keep.";
      }
      if (removal.adminDir === null) throw noRecord(worktree.path);
      const sessionIds = store
        .sessions()
        .filter((each) => each.worktreeId === worktreeId)
        .map(({ id }) => id);
      const { name, path, branch, ports, shared, base, agentSessionId } = worktree;
      const { files } = await takeSnapshot({
        commonDir: main.commonDir,
        adminDir: removal.adminDir,
        folder: removal.trash,
        worktree: { name, path, branch },
        ref: removal.snapshotRef,
        extra: { ports, shared, base, agentSessionId, sessionIds, journal: { ...journal, removal: null } },
        signal,
        onProgress: tell,
      });
      rows.update(worktreeId, {}, { removal: { ...removal, isSnapshotTaken: true } });
      return `${files.toLocaleString("en")} files`;
    },
  };
}

function noRecord(path: string): TallyError {
  return new TallyError(
    "git-failed",
    `git has no record of a worktree at ${path} any more, so no snapshot can be kept. Nothing was removed. Try: git worktree repair`,
  );
}

/** Whoever has it open writes into nothing from now on, and what is written to the old path is not deleted. */
async function moveAside(path: string, trash: string): Promise<void> {
  await rename(path, trash).catch((error: unknown) => {
    throw new TallyError(
      "folder-unreadable",
      `${path} cannot be moved (${(error as NodeJS.ErrnoException).code ?? String(error)}), so nothing was removed. Close what uses it, and try again.`,
    );
  });
}

function deleteFolder({ worktreeId, main, removal, env }: RemoveOrder, options: RemoveStepsOptions): PlannedStep {
  const { rows, permissions, processes } = options;
  return {
    id: "delete",
    label: "Delete the folder",
    isPastReturn: true,
    run: async ({ tell }) => {
      const { path } = rows.get(worktreeId);
      await removeAdmin({ commonDir: main.commonDir, path });
      await permissions.forget({ mainPath: main.mainPath, path, env });
      await deleteTree(removal.trash, { onProgress: tell });
      await processes.removeAll(worktreeId);
      return null;
    },
  };
}

function removeBranch(
  { main }: RemoveOrder,
  { name, at }: { readonly name: string; readonly at: string },
): PlannedStep {
  return {
    id: "branch",
    label: "Delete the branch",
    isPastReturn: true,
    run: async () => {
      const isDeleted = await deleteBranch({ commonDir: main.commonDir, branch: name, at });
      return isDeleted ? name : `${name} was kept: it has moved meanwhile.`;
    },
  };
}

/** Whether what is left after a removal that failed at a step is the worktree as it was, once its folder is back. */
export function isIntactAt(step: StepId | null): boolean {
  return step === "end" || step === "teardown" || step === "snapshot" || step === null;
}

/** Gives the folder back its name, and forgets a snapshot that was begun. */
export async function takeBackRemoval(order: Pick<RemoveOrder, "main" | "removal">, path: string): Promise<void> {
  const { main, removal } = order;
  if ((await exists(removal.trash)) && !(await exists(path))) await rename(removal.trash, path);
  await dropSnapshot(main.commonDir, removal.snapshotRef).catch(() => undefined);
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
