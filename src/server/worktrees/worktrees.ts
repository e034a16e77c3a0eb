import { randomUUID } from "node:crypto";
import type { Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import { Adding, type AddingOptions } from "./adding-worktrees.ts";
import { isCheckoutComplete } from "./checkout.ts";
import type { Journal } from "./journal.ts";
import { Operations } from "./operations.ts";
import { Register, type RegisterOptions, type Surroundings } from "./register.ts";
import { Removing, type RemovingOptions } from "./removing-worktrees.ts";
import { Restoring, type RestoringOptions } from "./restoring-worktrees.ts";
import { isManaged } from "./worktree-rows.ts";

export type WorktreesOptions = RegisterOptions &
  Omit<AddingOptions & RemovingOptions & RestoringOptions, "operations" | "register">;

/** The life of worktrees: added, adopted, removed, restored, repaired. */
export class Worktrees {
  readonly operations: Operations;
  readonly adding: Adding;
  readonly removing: Removing;
  readonly restoring: Restoring;
  readonly #options: WorktreesOptions;
  readonly #register: Register;

  constructor(options: WorktreesOptions) {
    this.#options = options;
    this.operations = new Operations(options);
    this.#register = new Register(options);
    const all = { ...options, operations: this.operations, register: this.#register };
    this.adding = new Adding(all);
    this.removing = new Removing(all);
    this.restoring = new Restoring(all);
  }

  /** Another branch was checked out in it. */
  async recordsChanged(worktree: Worktree): Promise<void> {
    const main = await this.#register.mainOf(worktree).catch(() => null);
    if (main) await this.#options.records.changed(main);
  }

  /** Whether anything is being done to any of them. */
  get isBusy(): boolean {
    return this.operations.isBusy;
  }

  /** After a start on an existing store: what was cut off is to be repaired or is made up for, and all are watched. */
  recover(): void {
    const { rows, standings, records } = this.#options;
    for (const worktree of rows.all().filter(isManaged)) {
      // Its last step may be told of already, and what follows from that not yet.
      if (worktree.status === "adding" || worktree.status === "removing") this.operations.interrupted(worktree);
      standings.watch(rows.get(worktree.id));
    }
    records.catchUp();
  }

  /** Stops what is done to it, and undoes what was made. */
  async cancel(id: string): Promise<Worktree> {
    const worktree = this.#options.rows.get(id);
    const cancelled = await this.operations.cancel(id);
    const left = this.#options.rows.find(id);
    // What setup and agents have made so far goes the careful way.
    if (left?.status === "broken" && cancelled?.isUndoneByCancel) {
      return this.repair(id, { how: "undo", env: { ...cancelled.env } });
    }
    return this.#options.rows.find(id) ?? { ...worktree, status: "removing" };
  }

  /** Begins to finish or to undo what failed or was cut off. @throws {TallyError} `worktree-not-ready`, `worktree-busy` */
  async repair(id: string, { how, operationId, env }: RouteBody<"repairWorktree">): Promise<Worktree> {
    const { rows } = this.#options;
    return this.operations.claim(rows.get(id), () => this.#repair(id, { how, operationId, env }));
  }

  async #repair(id: string, { how, operationId, env }: RouteBody<"repairWorktree">): Promise<Worktree> {
    const { rows } = this.#options;
    const worktree = rows.get(id);
    const journal = rows.journal(id);
    if (worktree.status !== "broken") {
      throw new TallyError("worktree-not-ready", `There is nothing to repair at worktree ${worktree.name}.`);
    }
    const main = await this.#register.mainOf(worktree);
    const repair = how === "finish" ? this.#finish : this.#undo;
    await repair.call(this, worktree, { main, env }, journal, operationId ?? randomUUID());
    return rows.find(id) ?? worktree;
  }

  async #finish(worktree: Worktree, surroundings: Surroundings, journal: Journal, operationId: string): Promise<void> {
    const { removal, restoredFrom } = journal;
    const { main, env } = surroundings;
    if (removal !== null) this.removing.begin(worktree, main, { ...journal, removal }, { env, operationId });
    else if (restoredFrom !== null) await this.restoring.again(worktree, surroundings, restoredFrom, operationId);
    else await this.adding.finish(worktree, surroundings, journal, operationId);
  }

  async #undo(worktree: Worktree, surroundings: Surroundings, journal: Journal, operationId: string): Promise<void> {
    const { removal, restoredFrom, hasBegun, plan } = journal;
    const { main } = surroundings;
    if (removal !== null) {
      if (await this.removing.takeBack(worktree, removal)) return;
      await this.restoring.insteadOf(worktree, surroundings, removal, operationId);
    } else if (restoredFrom !== null) {
      if (await this.restoring.undo(worktree, surroundings, journal)) return;
      await this.removing.undo(worktree, surroundings, journal, operationId);
    } else if (plan === null) {
      await this.adding.letGo(worktree, surroundings);
    } else if (hasBegun || (await isCheckoutComplete(plan, { commonDir: main.commonDir }))) {
      // Somebody may have worked in it.
      await this.removing.undo(worktree, surroundings, journal, operationId);
    } else if (!(await this.adding.leavesNothing(worktree, surroundings, journal))) {
      throw new TallyError(
        "worktree-not-ready",
        `${worktree.path} is half made, and holds something that Tally has not made. Move that away, then undo again.`,
      );
    }
  }
}
