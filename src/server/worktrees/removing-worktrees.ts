import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import type { Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { RouteBody, RouteResult } from "../../protocol/routes.ts";
import type { Operation, WorkAtRisk } from "../../protocol/worktrees.ts";
import { atRisk, type BranchFacts, branchFate, isNothing, whatWouldBeLost } from "./branch-fate.ts";
import { mergedInto } from "./branches.ts";
import { isWithin } from "./folders-inside.ts";
import { isCheckedOut, listCheckouts, recordOf } from "./checkouts.ts";
import type { Journal, Removal } from "./journal.ts";
import type { MainCheckout } from "./main-checkout.ts";
import { newOperation, type Operations } from "./operations.ts";
import type { Register, Surroundings } from "./register.ts";
import { exists, type RemoveStepsOptions, removeSteps, takeBackRemoval } from "./remove-steps.ts";
import type { ProjectRecords } from "./project-records.ts";
import { snapshotRef } from "./snapshot/snapshot-ref.ts";
import { listSnapshots } from "./snapshot/snapshots.ts";
import type { StandingWatch } from "./standing-watch.ts";
import { readStanding } from "./standing.ts";
import { workAtRisk } from "./work-at-risk.ts";
import { isManaged } from "./worktree-rows.ts";

export interface RemovingOptions extends RemoveStepsOptions {
  readonly operations: Operations;
  readonly register: Register;
  readonly records: ProjectRecords;
  readonly standings: StandingWatch;
  /** @throws {TallyError} `approval-needed` unless a person has approved what its tally.json runs */
  readonly requireApproval: (worktree: Worktree) => void;
  readonly isApproved: (worktree: Worktree) => boolean;
  readonly now: () => number;
}

type Environment = Readonly<Record<string, string>>;

const noRisk: WorkAtRisk = { uncommitted: [], untracked: [], unpushed: [], inside: [], underWay: null };

/** Of one whose folder is not its any more. */
function nothingToTell({ branch }: Worktree): BranchFacts {
  const risk = noRisk;
  return { branch, isOurs: false, head: null, start: null, mergedInto: null, keepBranch: true, force: false, risk };
}

/** Removes worktrees, and loses nothing by it. */
export class Removing {
  readonly #options: RemovingOptions;

  constructor(options: RemovingOptions) {
    this.#options = options;
  }

  /** What would be lost with it, and what becomes of its branch. */
  async risk(id: string): Promise<RouteResult<"worktreeRisk">> {
    const worktree = this.#options.rows.get(id);
    const main = await this.#options.register.mainOf(worktree);
    return { risk: await this.#riskOf(worktree, main), standing: worktree.standing };
  }

  /** Begins to remove a worktree. @throws {TallyError} `work-at-risk`, `worktree-not-ready`, `worktree-busy` */
  remove(id: string, body: RouteBody<"removeWorktree">): Promise<RouteResult<"removeWorktree">> {
    const { rows, operations } = this.#options;
    return operations.claim(rows.get(id), () => this.#remove(id, body));
  }

  async #remove(id: string, body: RouteBody<"removeWorktree">): Promise<RouteResult<"removeWorktree">> {
    const { rows } = this.#options;
    const worktree = rows.get(id);
    const journal = rows.journal(id);
    if (journal.removal !== null) {
      throw new TallyError(
        "worktree-not-ready",
        `Worktree ${worktree.name} is half removed. Finish or undo that: tally repair ${worktree.name}`,
      );
    }
    const { main, isGone } = await this.#options.register.mainOrWhatItWas(worktree);
    const isForgetting = isGone || (await isSomethingElse(worktree, main));
    if (isForgetting && !isGone && !body.force) throw notOurs(worktree);
    this.#refuseInner(worktree);
    if (!body.force && !isForgetting) await refuseLocked(worktree, main);
    const skipCommands = body.skipCommands || journal.skipCommands || isForgetting;
    if (!skipCommands && journal.recipe.teardown.length > 0) this.#options.requireApproval(worktree);
    const facts = isForgetting ? nothingToTell(worktree) : await this.#branchFacts(worktree, main, journal, body);
    const lost = whatWouldBeLost(facts);
    if (!body.force && !isNothing(lost)) throw atRisk(worktree.name, lost);
    const branch = branchFate(facts);
    const removal = await this.#newRemoval(worktree, main, {
      branch,
      facts,
      isForced: body.force,
      skipCommands,
      isForgetting,
    });
    const operation = this.begin(worktree, main, { ...journal, removal }, body);
    return { worktree: { ...worktree, operation }, snapshotRef: removal.snapshotRef, branch };
  }

  /** @throws {TallyError} `worktree-busy` where another one lies in its folder: that would go along */
  #refuseInner({ id, name, path }: Worktree): void {
    const { rows } = this.#options;
    const inner = rows.all().find((each) => each.id !== id && isManaged(each) && isWithin(path, each.path));
    if (!inner) return;
    throw new TallyError(
      "worktree-busy",
      `Worktree ${inner.name} lies in ${name}, in ${inner.path}. Remove that one first: tally remove ${inner.name}`,
    );
  }

  /** One with work in it that was never finished goes as any other, with a snapshot. */
  async undo(worktree: Worktree, { main, env }: Surroundings, journal: Journal, operationId: string): Promise<void> {
    const isForgetting = await isSomethingElse(worktree, main);
    // What setup has begun elsewhere, such as containers, is ended as it is when the worktree is removed.
    const skipCommands = journal.skipCommands || isForgetting || !this.#options.isApproved(worktree);
    const facts = isForgetting
      ? nothingToTell(worktree)
      : await this.#branchFacts(worktree, main, journal, { keepBranch: false, force: true });
    const branch = branchFate(facts);
    const removal = await this.#newRemoval(worktree, main, {
      branch,
      facts,
      isForced: true,
      skipCommands,
      isForgetting,
    });
    this.begin(worktree, main, { ...journal, removal }, { env, operationId });
  }

  /** Gives the worktree back as it was. False: some of it is gone already, and only the snapshot has all. */
  async takeBack(worktree: Worktree, removal: Removal): Promise<boolean> {
    if (removal.isDeleting) return false;
    const { rows, standings } = this.#options;
    await takeBackRemoval(removal, worktree.path);
    rows.update(worktree.id, { status: "ready" }, { removal: null });
    standings.watch(rows.get(worktree.id));
    return true;
  }

  /** Begins to remove, or goes on with it. */
  begin(
    worktree: Worktree,
    main: MainCheckout,
    journal: Journal & { readonly removal: Removal },
    { env, operationId }: { readonly env: Environment; readonly operationId?: string | undefined },
  ): Operation {
    const { rows, standings, records, now } = this.#options;
    const { id } = worktree;
    const { removal } = journal;
    const steps = removeSteps({ worktreeId: id, main, journal, removal, env }, this.#options);
    const operation = newOperation(operationId ?? randomUUID(), "remove", steps, now());
    rows.update(id, { status: "removing", operation }, { removal });
    standings.unwatch(id);
    this.#options.operations.begin({
      worktreeId: id,
      operation,
      steps,
      env,
      isUndoneByCancel: false,
      done: { worktree: {} },
      onDone: () => {
        this.#options.register.forget(worktree.id);
        void records.changed(main);
      },
      onFailed: async () => {
        if (rows.journal(id).removal?.isDeleting) {
          rows.update(id, { status: "broken" });
          return;
        }
        await takeBackRemoval(removal, worktree.path);
        rows.update(id, { status: "ready" }, { removal: null });
        standings.watch(rows.get(id));
      },
    });
    return operation;
  }

  async #riskOf({ path, branch, base }: Worktree, { commonDir }: MainCheckout) {
    if (!(await exists(path))) return noRisk;
    return workAtRisk({ path, commonDir, branch, base });
  }

  async #branchFacts(
    worktree: Worktree,
    main: MainCheckout,
    { plan }: Journal,
    { keepBranch, force }: Pick<RouteBody<"removeWorktree">, "keepBranch" | "force">,
  ): Promise<BranchFacts> {
    const { commonDir } = main;
    // What cannot be told, such as of a damaged index, does not keep a snapshot from being taken.
    const risk = await this.#riskOf(worktree, main).catch((error: unknown) => {
      if (force) return noRisk;
      throw error;
    });
    const { base } = worktree;
    const standing = await readStanding(worktree.path, base).catch(() => null);
    const { branch, head } = standing ?? { branch: worktree.branch, head: null };
    const merged = branch === null || base === null ? null : await mergedInto({ commonDir, branch, into: [base] });
    return {
      branch,
      isOurs: plan?.isNewBranch === true && plan.branch === branch,
      head,
      start: plan?.commit ?? null,
      mergedInto: merged?.into ?? null,
      keepBranch,
      force,
      risk,
    };
  }

  async #newRemoval(
    { id, name, path }: Worktree,
    { commonDir }: MainCheckout,
    decided: {
      readonly branch: ReturnType<typeof branchFate>;
      readonly facts: BranchFacts;
      readonly isForced: boolean;
      readonly skipCommands: boolean;
      readonly isForgetting: boolean;
    },
  ): Promise<Removal> {
    const { branch, facts, isForced, skipCommands, isForgetting } = decided;
    const taken = new Set(isForgetting ? [] : (await listSnapshots(commonDir)).map(({ ref }) => ref));
    return {
      snapshotRef: snapshotRef(name, new Date(this.#options.now()), taken),
      trash: join(dirname(path), `.tally-removing-${id}`),
      adminDir: isForgetting ? null : await recordedDir(commonDir, path),
      deleteBranch:
        !isForgetting && branch.isDeleted && branch.name !== null && facts.head !== null
          ? { name: branch.name, at: facts.head }
          : null,
      isForced,
      skipCommands,
      isSnapshotTaken: false,
      isDeleting: false,
      isForgetting,
    };
  }
}

/** Whether what is at its path is no checkout of its project: made by hand, another repository's, or one that git has forgotten. */
async function isSomethingElse({ path }: Worktree, { commonDir }: MainCheckout): Promise<boolean> {
  return (await exists(path)) && !(await isCheckedOut(commonDir, path));
}

/** Git's folder for the worktree, also when its files are gone; null where git knows none. */
async function recordedDir(commonDir: string, path: string): Promise<string | null> {
  return (await recordOf(commonDir, path).catch(() => null))?.adminDir ?? null;
}

function notOurs({ name, path }: Worktree): TallyError {
  return new TallyError(
    "worktree-not-ready",
    `${path} is no worktree of this repository any more, so it is left alone. To have Tally forget ${name}: tally remove ${name} --force`,
  );
}

/** @throws {TallyError} `worktree-not-ready` for one that was locked with git, so that nobody removes it */
async function refuseLocked({ name, path }: Worktree, { commonDir }: MainCheckout): Promise<void> {
  const found = (await listCheckouts(commonDir)).find((checkout) => checkout.path === path);
  if (!found?.isLocked) return;
  throw new TallyError(
    "worktree-not-ready",
    `Worktree ${name} is locked. Unlock it with git worktree unlock ${path}, or remove it all the same: tally remove ${name} --force`,
  );
}
