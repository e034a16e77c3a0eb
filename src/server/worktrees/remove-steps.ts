import { access, lstat, rename } from "node:fs/promises";
import { TallyError } from "../../protocol/errors.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { Store } from "../store/store.ts";
import type { AgentCheckoutPermissions } from "./agent-permissions.ts";
import { deleteBranch } from "./branches.ts";
import { removeAdmin } from "./checkouts.ts";
import { deleteTree } from "./delete-tree.ts";
import type { Journal, Removal } from "./journal.ts";
import type { MainCheckout } from "./main-checkout.ts";
import type { PlannedStep } from "./operations.ts";
import type { Processes } from "./processes/processes.ts";
import { assertUnchanged } from "./snapshot/assert-unchanged.ts";
import { findSnapshot } from "./snapshot/snapshots.ts";
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
  if (removal.isForgetting) return [endAll(order, options), forgetProcesses(order, options)];
  const steps: (PlannedStep | null)[] = [
    endAll(order, options),
    hasTeardown ? tearDown(order, options) : null,
    keepSnapshot(order, options),
    deleteFolder(order, options),
    removal.deleteBranch === null ? null : removeBranch(order, removal.deleteBranch),
  ];
  return steps.filter((step) => step !== null);
}

function endAll({ worktreeId }: RemoveOrder, options: RemoveStepsOptions): PlannedStep {
  return {
    id: "end",
    label: "End what runs in it",
    run: async () => {
      const ended = await endEverything(worktreeId, options);
      return ended === 0 ? null : `${ended} ${ended === 1 ? "session" : "sessions"}`;
    },
  };
}

/** @returns how many sessions it ended */
async function endEverything(
  worktreeId: string,
  { store, processes, endSession }: RemoveStepsOptions,
): Promise<number> {
  const live = store.liveSessions().filter((session) => session.worktreeId === worktreeId);
  await Promise.all([...live.map(({ id }) => endSession(id).catch(orIfEnded)), processes.stopAll(worktreeId)]);
  return live.length;
}

function forgetProcesses({ worktreeId }: RemoveOrder, { processes }: RemoveStepsOptions): PlannedStep {
  return {
    id: "delete",
    label: "Forget it",
    isPastReturn: true,
    run: () => processes.removeAll(worktreeId).then(() => null),
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

function keepSnapshot({ worktreeId, main, journal, removal }: RemoveOrder, options: RemoveStepsOptions): PlannedStep {
  const { rows, store } = options;
  return {
    id: "snapshot",
    label: "Keep a snapshot",
    run: async ({ signal, tell }) => {
      const worktree = rows.get(worktreeId);
      const present = rows.journal(worktreeId).removal ?? removal;
      // Somebody may have dropped it meanwhile.
      if (present.isSnapshotTaken && (await findSnapshot(main.commonDir, removal.snapshotRef)))
        return removal.snapshotRef;
      if (present.isDeleting) throw noSnapshot(removal);
      if (!(await exists(removal.trash))) {
        await endEverything(worktreeId, options);
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
      store.change((transaction) => transaction.putValue(snapshotKey(removal.snapshotRef), { path }));
      rows.update(worktreeId, {}, { removal: { ...removal, isSnapshotTaken: true } });
      return `${files.toLocaleString("en")} files`;
    },
  };
}

/** Under which it is kept that a snapshot is this Tally's own: a ref may come from anywhere. */
export function snapshotKey(ref: string): string {
  return `taken-snapshot:${ref}`;
}

function noSnapshot({ snapshotRef, trash }: Removal): TallyError {
  return new TallyError(
    "snapshot-not-found",
    `The snapshot ${snapshotRef} is gone, and deleting has begun. What is left is in ${trash}: look at it before you delete it yourself.`,
  );
}

function noRecord(path: string): TallyError {
  return new TallyError(
    "git-failed",
    `git has no record of a worktree at ${path} any more, so no snapshot can be kept. Nothing was removed. Try: git worktree repair`,
  );
}

/** Whoever has it open writes into nothing from now on, and what is written to the old path is not deleted. */
async function moveAside(path: string, trash: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) {
    throw new TallyError(
      "not-a-folder",
      `${path} is a link, so nothing was removed. Put the worktree itself there, or use git worktree move.`,
    );
  }
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
      const kept = { commonDir: main.commonDir, folder: removal.trash, ref: removal.snapshotRef };
      const present = rows.journal(worktreeId).removal ?? removal;
      if (removal.adminDir !== null && !present.isDeleting) {
        await assertUnchanged({ ...kept, adminDir: removal.adminDir });
        rows.update(worktreeId, {}, { removal: { ...present, isDeleting: true } });
      }
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
      try {
        const isDeleted = await deleteBranch({ commonDir: main.commonDir, branch: name, at });
        return isDeleted ? name : `${name} was kept: it has moved meanwhile.`;
      } catch (error) {
        // A hook of the repository may refuse it; the worktree is gone all the same.
        return `${name} was kept: ${messageOf(error)}`;
      }
    },
  };
}

/** Gives the folder back its name. @throws {TallyError} `folder-exists` when something else has it by now */
export async function takeBackRemoval({ trash }: Removal, path: string): Promise<void> {
  if (!(await exists(trash))) return;
  if (await exists(path)) {
    throw new TallyError(
      "folder-exists",
      `${path} was made meanwhile, and the worktree is in ${trash}. Move what is in the way, then undo again: tally repair`,
    );
  }
  await rename(trash, path);
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
