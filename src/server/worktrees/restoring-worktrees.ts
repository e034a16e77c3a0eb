import { randomUUID } from "node:crypto";
import type { Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { RouteBody, RouteResult } from "../../protocol/routes.ts";
import type { SnapshotInfo } from "../../protocol/worktrees.ts";
import { deleteBranch } from "./branches.ts";
import { gitLines } from "./git.ts";
import type { Journal } from "./journal.ts";
import { type MainCheckout, mainCheckoutOf } from "./main-checkout.ts";
import { newOperation, type Operations } from "./operations.ts";
import type { Register, Surroundings } from "./register.ts";
import { exists } from "./remove-steps.ts";
import { type RestoreStepsOptions, restoreSteps, snapshotExtraSchema } from "./restore-steps.ts";
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
    const worktree = this.#options.register.newRow(main, { name, path, branch, base: null });
    this.#options.register.refuseKnown(worktree.id);
    return this.#beginRestore(worktree, main, info, operationId ?? randomUUID(), env);
  }

  /** Restores over what is left of a worktree that is known. @throws {TallyError} `snapshot-not-found` */
  async again(worktree: Worktree, surroundings: Surroundings, ref: string, operationId: string): Promise<void> {
    const { main, env } = surroundings;
    await this.#options.register.discard(worktree, main);
    await this.#beginRestore(worktree, main, await this.#snapshot(main, ref), operationId, env);
  }

  /** Takes back a restore: the snapshot has all of it. */
  async undo(worktree: Worktree, surroundings: Surroundings, { restoredBranch }: Journal): Promise<void> {
    const { commonDir } = surroundings.main;
    await this.#options.register.discard(worktree, surroundings.main);
    if (restoredBranch !== null) {
      await deleteBranch({ commonDir, branch: restoredBranch.name, at: restoredBranch.at });
    }
    await this.#options.register.strike(worktree, surroundings);
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
      onDone: () => {
        rows.update(worktree.id, { status: "ready" }, { restoredFrom: null, restoredBranch: null });
        this.#options.standings.watch(rows.get(worktree.id));
      },
      // A restore that fails leaves nothing of it but what the snapshot has.
      onFailed: () => this.undo(worktree, { main, env }, journal),
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
