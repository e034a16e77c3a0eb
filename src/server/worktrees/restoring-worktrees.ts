import { randomUUID } from "node:crypto";
import type { Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { RouteBody, RouteResult } from "../../protocol/routes.ts";
import { folderOfWorktree, problemOfWorktreeName } from "../../protocol/worktree-names.ts";
import type { SnapshotInfo } from "../../protocol/worktrees.ts";
import { deleteBranch } from "./branches.ts";
import { isCheckedOut, removeAdmin } from "./checkouts.ts";
import { gitLines } from "./git.ts";
import { deleteTree } from "./delete-tree.ts";
import type { Journal, Removal } from "./journal.ts";
import { type MainCheckout, mainCheckoutOf } from "./main-checkout.ts";
import { newOperation, type Operations } from "./operations.ts";
import type { Register, Surroundings } from "./register.ts";
import { exists, snapshotKey } from "./remove-steps.ts";
import { type RestoreStepsOptions, restoreSteps, snapshotExtraSchema } from "./restore-steps.ts";
import { discardDraft } from "./snapshot/restore.ts";
import { listSnapshots, readSnapshot } from "./snapshot/snapshots.ts";
import type { StandingWatch } from "./standing-watch.ts";

export interface RestoringOptions extends RestoreStepsOptions {
  readonly operations: Operations;
  readonly register: Register;
  readonly standings: StandingWatch;
}

/** Brings removed worktrees back. */
export class Restoring {
  readonly #options: RestoringOptions;

  constructor(options: RestoringOptions) {
    this.#options = options;
  }

  /** Begins to bring a removed worktree back. @throws {TallyError} `snapshot-not-found`, `folder-exists`, `worktree-exists` */
  async restore({ cwd, ref, operationId, env }: RouteBody<"restoreWorktree">): Promise<RouteResult<"restoreWorktree">> {
    const main = await mainCheckoutOf(cwd);
    const info = await this.#snapshot(main, ref);
    if (await exists(info.path)) {
      throw new TallyError("folder-exists", `${info.path} is there already. Move it away, then restore again.`);
    }
    const { name, path, branch } = info;
    this.#refuseStrange(main, info);
    const worktree = this.#options.register.newRow(main, { name, path, branch, base: null });
    this.#options.register.refuseKnown(worktree.id);
    return this.#beginRestore(worktree, main, info, operationId ?? randomUUID(), env);
  }

  /**
   * A ref may come from anywhere: one that this Tally has not taken is brought back to the usual place, or not at all.
   * @throws {TallyError} `name-invalid`
   */
  #refuseStrange({ parent, repository }: MainCheckout, { ref, name, path }: SnapshotInfo): void {
    const { store, settings } = this.#options;
    if (store.value(snapshotKey(ref)) !== undefined) return;
    const usual = folderOfWorktree(settings().worktreePath, { parent, repository, name });
    if (problemOfWorktreeName(name) === null && path === usual) return;
    throw new TallyError(
      "name-invalid",
      `${ref} was not taken here, and wants to be brought back to ${path}. Look at it with git before you trust it: git show ${ref}`,
    );
  }

  /** Restores a worktree that is known: what was cut off goes on. @throws {TallyError} `snapshot-not-found` */
  async again(worktree: Worktree, { main, env }: Surroundings, ref: string, operationId: string): Promise<void> {
    await this.#beginRestore(worktree, main, await this.#snapshot(main, ref), operationId, env);
  }

  /** Restores what a removal has begun to delete: the snapshot has all of it. @throws {TallyError} `snapshot-not-found` */
  async insteadOf(
    worktree: Worktree,
    surroundings: Surroundings,
    removal: Removal,
    operationId: string,
  ): Promise<void> {
    const { main, env } = surroundings;
    const info = await this.#snapshot(main, removal.snapshotRef);
    if (removal.adminDir !== null) await deleteTree(removal.adminDir);
    await deleteTree(removal.trash);
    await this.#beginRestore(worktree, main, info, operationId, env);
  }

  /**
   * Takes back a restore of which nothing is in its place yet: the snapshot has all of it. False: the checkout is there, and somebody may
   * have worked in it.
   */
  async undo(worktree: Worktree, surroundings: Surroundings, { restoredBranch }: Journal): Promise<boolean> {
    const { commonDir } = surroundings.main;
    const { path } = worktree;
    if (await isCheckedOut(commonDir, path)) return false;
    await discardDraft(path);
    // A folder that somebody made there meanwhile is theirs, and git knows nothing of it.
    if (!(await exists(path))) await removeAdmin({ commonDir, path });
    if (restoredBranch !== null) {
      await deleteBranch({ commonDir, branch: restoredBranch.name, at: restoredBranch.at });
    }
    await this.#options.register.strike(worktree, surroundings);
    return true;
  }

  async #beginRestore(
    worktree: Worktree,
    main: MainCheckout,
    info: SnapshotInfo,
    operationId: string,
    env: Readonly<Record<string, string>>,
  ): Promise<RouteResult<"restoreWorktree">> {
    const { rows, now } = this.#options;
    const { extra: kept } = await readSnapshot(main.commonDir, info.ref);
    const extra = snapshotExtraSchema.parse(kept);
    const { shared, base, agentSessionId } = extra;
    const order = { worktreeId: worktree.id, main, ref: info.ref, extra, leftOut: info.leftOut, env };
    const steps = restoreSteps(order, this.#options);
    const operation = newOperation(operationId, "restore", steps, now());
    const journal: Journal = {
      ...extra.journal,
      removal: null,
      hasBegun: true,
      restoredFrom: info.ref,
      restoredBranch: await missingBranch(main, info),
    };
    const row = { ...worktree, status: "adding" as const, shared, base, agentSessionId, operation };
    if (rows.find(worktree.id)) rows.put(row, journal);
    else await this.#options.register.enter(row, journal, main);
    this.#options.operations.begin({
      worktreeId: worktree.id,
      operation,
      steps,
      env,
      isUndoneByCancel: true,
      done: { worktree: { status: "ready" }, journal: { restoredFrom: null, restoredBranch: null } },
      onDone: () => {
        this.#options.standings.watch(rows.get(worktree.id));
      },
      // A restore that fails has left nothing of it but what the snapshot has.
      onFailed: async () => {
        const isUndone = await this.undo(worktree, { main, env }, journal);
        if (!isUndone) rows.update(worktree.id, { status: "broken" });
      },
    });
    return { worktree: rows.get(worktree.id) };
  }

  async #snapshot({ commonDir }: MainCheckout, ref: string): Promise<SnapshotInfo> {
    const all = await listSnapshots(commonDir);
    const found = all.find((info) => info.ref === ref) ?? all.find((info) => info.name === ref || info.branch === ref);
    if (found) return found;
    const known = all.length === 0 ? "There are none." : "See them all with: tally restore";
    throw new TallyError("snapshot-not-found", `There is no snapshot of ${ref}. ${known}`);
  }
}

/** The branch of a snapshot that is not there now. */
async function missingBranch(
  { commonDir }: MainCheckout,
  { branch, head }: SnapshotInfo,
): Promise<Journal["restoredBranch"]> {
  if (branch === null) return null;
  const found = await gitLines(["for-each-ref", `refs/heads/${branch}`, "--format=%(refname)"], { cwd: commonDir });
  return found.includes(`refs/heads/${branch}`) ? null : { name: branch, at: head };
}
