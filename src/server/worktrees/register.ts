import { dirname } from "node:path";
import { type Project, type Worktree, worktreeSchema } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { AgentCheckoutPermissions } from "./agent-permissions.ts";
import { removeAdmin } from "./checkouts.ts";
import { deleteTree } from "./delete-tree.ts";
import type { Journal } from "./journal.ts";
import { type MainCheckout, mainCheckoutOf } from "./main-checkout.ts";
import type { Processes } from "./processes/processes.ts";
import type { ProjectRecords } from "./project-records.ts";
import { idOf, placeOf, settle } from "./projects.ts";
import type { StandingWatch } from "./standing-watch.ts";
import { isManaged, type WorktreeRows } from "./worktree-rows.ts";

export interface RegisterOptions {
  readonly store: Store;
  readonly log: Log;
  readonly rows: WorktreeRows;
  readonly processes: Processes;
  readonly permissions: AgentCheckoutPermissions;
  readonly records: ProjectRecords;
  readonly standings: StandingWatch;
  readonly now: () => number;
}

/** Where an operation takes place, and with which environment. */
export interface Surroundings {
  readonly main: MainCheckout;
  readonly env: Readonly<Record<string, string>>;
}

/** Enters worktrees into the store, and strikes them out of all that knows them. */
export class Register {
  readonly #options: RegisterOptions;

  constructor(options: RegisterOptions) {
    this.#options = options;
  }

  newRow(main: MainCheckout, facts: Pick<Worktree, "name" | "path" | "branch" | "base">): Worktree {
    const now = this.#options.now();
    return worktreeSchema.parse({
      id: idOf(facts.path),
      projectId: main.projectId,
      ...facts,
      status: "adding",
      createdAt: now,
      updatedAt: now,
    });
  }

  /** @throws {TallyError} `worktree-exists` for one that Tally has already */
  refuseKnown(id: string): void {
    const known = this.#options.rows.find(id);
    if (!known || !isManaged(known)) return;
    const { name, status } = known;
    throw new TallyError(
      "worktree-exists",
      status !== "ready"
        ? `Worktree ${name} is there already, and not whole. Finish or undo it: tally repair ${name}`
        : `Worktree ${name} is there already, in ${known.path}. Bring back what is missing in it: tally resume ${name}`,
    );
  }

  /** Writes it with its project, before anything is made. @throws {TallyError} `worktree-exists` */
  async enter(worktree: Worktree, journal: Journal, main: MainCheckout): Promise<Project> {
    const { store, now } = this.#options;
    const place = await placeOf(main.mainPath);
    this.refuseKnown(worktree.id);
    return store.change((transaction) => {
      const project = settle(store, transaction, place, {}, now());
      transaction.putWorktree(worktree, { journal: JSON.stringify(journal) });
      return project;
    });
  }

  /** All that Tally and agents know of a worktree whose folder is gone. */
  async strike(worktree: Worktree, { main, env }: Surroundings): Promise<void> {
    const { processes, permissions, standings, records } = this.#options;
    await permissions.forget({ mainPath: main.mainPath, path: worktree.path, env });
    await processes.removeAll(worktree.id);
    standings.unwatch(worktree.id);
    this.forget(worktree.id);
    await records.changed(main);
  }

  /** Deletes a checkout in which there is nothing that git does not have. */
  async discard({ id, path }: Worktree, { commonDir }: MainCheckout): Promise<void> {
    await removeAdmin({ commonDir, path }).catch(() => undefined);
    await deleteTree(path, {});
    this.#options.log.info("checkout discarded", { id, path });
  }

  forget(id: string): void {
    this.#options.store.change((transaction) => transaction.removeWorktree(id));
  }

  /**
   * The main checkout of a worktree whose own folder may be gone.
   * @throws {TallyError} `folder-missing`, `not-a-repository`, `worktree-not-ready` where another repository is there by now
   */
  async mainOf({ projectId, name }: Pick<Worktree, "projectId" | "name">): Promise<MainCheckout> {
    const project = this.#options.store.project(projectId);
    if (!project) throw new TallyError("internal", `Worktree ${name} has no project ${projectId}.`);
    const main = await mainCheckoutOf(project.path);
    if (main.projectId === projectId) return main;
    throw new TallyError(
      "worktree-not-ready",
      `${project.path} is another repository by now. To have Tally forget ${name}: tally remove ${name}`,
    );
  }

  /** The same, or what it was where the repository is gone. */
  async mainOrWhatItWas(worktree: Worktree): Promise<{ readonly main: MainCheckout; readonly isGone: boolean }> {
    try {
      return { main: await this.mainOf(worktree), isGone: false };
    } catch (error) {
      const project = this.#options.store.project(worktree.projectId);
      if (!(error instanceof TallyError) || !project) throw error;
      const { path, commonDir } = project;
      const place = { projectId: project.id, commonDir: commonDir ?? path, mainPath: path, isBare: true };
      return { main: { ...place, repository: project.name, parent: dirname(path) }, isGone: true };
    }
  }
}
