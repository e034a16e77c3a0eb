import { randomUUID } from "node:crypto";
import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { RouteBody, RouteResult } from "../../protocol/routes.ts";
import { portName } from "../../protocol/worktree-keys.ts";
import { folderOfWorktree, problemOfWorktreeName, problemOfWorktreeTemplate } from "../../protocol/worktree-names.ts";
import type { Operation, PortLease } from "../../protocol/worktrees.ts";
import type { Log } from "../log.ts";
import type { Personas } from "../personas/personas.ts";
import { type AddStepsOptions, addSteps, leasesLeft } from "./add-steps.ts";
import { type Approvals, requireApproval, runsCommands } from "./approval.ts";
import { deleteBranch, listBranches } from "./branches.ts";
import { planCheckout } from "./checkout-plan.ts";
import { isCheckoutComplete, undoCheckout } from "./checkout.ts";
import { chooseAgent } from "./choose-agent.ts";
import { isNothing } from "./branch-fate.ts";
import type { Journal } from "./journal.ts";
import { type MainCheckout, mainCheckoutOf } from "./main-checkout.ts";
import { newOperation, type Operations, type PlannedStep } from "./operations.ts";
import { idOf, placeOf } from "./projects.ts";
import { type ReadRecipe, readRecipe } from "./recipe.ts";
import type { Register, Surroundings } from "./register.ts";
import { readSessionsFile, type SessionsFileEntry } from "./sessions-file.ts";
import type { StandingWatch } from "./standing-watch.ts";
import { workAtRisk } from "./work-at-risk.ts";
import { isManaged } from "./worktree-rows.ts";

export interface AddingOptions extends AddStepsOptions {
  readonly log: Log;
  readonly approvals: Approvals;
  readonly personas: Personas;
  readonly standings: StandingWatch;
  readonly operations: Operations;
  readonly register: Register;
  readonly endSession: (id: string) => Promise<unknown>;
  readonly now: () => number;
}

type Environment = Readonly<Record<string, string>>;

const FIRST_PORT = 1024;

/** Where an add is done, and whether it goes on with one in which somebody may have worked. */
type Begun = Surroundings & { readonly isFinish?: boolean };

/** Makes worktrees, and takes over those that others made. */
export class Adding {
  readonly #options: AddingOptions;

  constructor(options: AddingOptions) {
    this.#options = options;
  }

  /** Begins to make a worktree. @throws {TallyError} when it cannot be made as it is asked for; then nothing was done */
  async add(body: RouteBody<"addWorktree">): Promise<RouteResult<"addWorktree">> {
    const { rows, settings, approvals, agents, personas, register } = this.#options;
    const problem = problemOfWorktreeName(body.name) ?? problemOfWorktreeTemplate(settings().worktreePath);
    if (problem !== null) throw new TallyError("name-invalid", problem);
    const main = await mainCheckoutOf(body.cwd);
    const { parent, repository } = main;
    const path = await canonical(folderOfWorktree(settings().worktreePath, { parent, repository, name: body.name }));
    register.refuseKnown(idOf(path));
    const first = await this.#recipeOf(main, null);
    const plan = await planCheckout({ ...main, name: body.name, from: body.from, base: first.recipe.base, path });
    const { recipe, path: recipePath } = main.isBare ? await this.#recipeOf(main, plan.commit) : first;
    const commands = approvals.commandsOf(main, recipe, recipePath);
    const isAgentItsOwn = body.agent === undefined && body.persona === undefined && typeof recipe.agent === "string";
    if (isAgentItsOwn || (!body.skipCommands && runsCommands(recipe))) requireApproval(commands);
    const choice = { body, ofRecipe: recipe.agent, ofSettings: settings().worktreeAgent, cwd: main.mainPath };
    const agent = await chooseAgent(choice, { agents, personas });
    const journal: Journal = {
      recipe,
      agent,
      plan,
      skipCommands: body.skipCommands,
      hasBegun: false,
      removal: null,
      restoredFrom: null,
      restoredBranch: null,
    };
    const worktree = this.#options.register.newRow(main, {
      name: body.name,
      path: plan.path,
      branch: plan.branch,
      base: plan.base,
    });
    const order = { worktreeId: worktree.id, main, journal, prompt: body.prompt ?? null, env: body.env };
    const steps = addSteps(order, this.#options);
    const operation = newOperation(body.operationId ?? randomUUID(), "add", steps, this.#options.now());
    const project = await this.#options.register.enter({ ...worktree, operation }, journal, main);
    this.#beginAdd(worktree.id, operation, steps, { main, env: body.env });
    return { worktree: rows.get(worktree.id), project };
  }

  /** Takes a checkout that somebody made with git for one of Tally's. @throws {TallyError} */
  async adopt({ path, operationId, env }: RouteBody<"adoptWorktree">): Promise<Worktree> {
    const { mainPath } = await mainCheckoutOf(path);
    const real = await realpath(path);
    const entry = (await readSessionsFile(mainPath)).entries.find((each) => each.worktree === real);
    return this.#adopt({ path, operationId, env, name: entry?.name ?? null, ports: entry?.ports ?? [] });
  }

  /**
   * Takes over what another tool wrote into `.tally-sessions`, with the ports that it gave. The file may be anybody's: only worktrees of
   * its own project are meant. @throws {TallyError}
   */
  async import({ name, worktree: path, ports }: SessionsFileEntry, projectId: string): Promise<void> {
    const place = await placeOf(path);
    if (place.projectId !== projectId) {
      throw new TallyError("worktree-not-found", `${path} is no worktree of this repository.`);
    }
    await this.#adopt({ path, operationId: undefined, env: {}, name, ports });
  }

  /**
   * Goes on with one that was begun, as tally.json says by now: what was wrong there may be corrected.
   * @throws {TallyError} `tally-json-invalid`, `approval-needed`
   */
  async finish(worktree: Worktree, { main, env }: Surroundings, before: Journal, operationId: string): Promise<void> {
    const { rows, approvals, now } = this.#options;
    const { id } = worktree;
    const { recipe, path } = await this.#recipeOf(main, before.plan?.commit ?? null);
    if (!before.skipCommands && before.plan !== null && runsCommands(recipe))
      requireApproval(approvals.commandsOf(main, recipe, path));
    const journal = { ...before, recipe };
    const isSetUp =
      worktree.operation?.steps.some((step) => step.id === "setup" && step.state === "done") &&
      JSON.stringify(recipe.setup) === JSON.stringify(before.recipe.setup);
    const order = { worktreeId: id, journal, prompt: null, main, env };
    // In one that was adopted nothing is made.
    const isLeft = ({ id: step }: PlannedStep) =>
      before.plan === null ? step === "ports" : step !== "setup" || !isSetUp;
    const steps = addSteps(order, this.#options).filter(isLeft);
    const operation = newOperation(operationId, before.plan === null ? "adopt" : "add", steps, now());
    rows.update(id, { status: "adding", operation, ports: leasesLeft(worktree.ports, journal) }, { recipe });
    this.#beginAdd(id, operation, steps, { main, env, isFinish: true });
  }

  /** Forgets one that was adopted: its folder, and what runs in it, are not ours to undo. */
  async letGo({ id }: Worktree, { main }: Surroundings): Promise<void> {
    const { processes, standings, register, records } = this.#options;
    await processes.removeAll(id);
    standings.unwatch(id);
    register.forget(id);
    await records.changed(main);
  }

  /** Undoes an add whose checkout holds no work. False: there may be some, and nothing was undone. */
  async leavesNothing(worktree: Worktree, surroundings: Surroundings, { plan }: Journal): Promise<boolean> {
    const { processes, store } = this.#options;
    const { main } = surroundings;
    const { commonDir } = main;
    if (plan === null) {
      await this.letGo(worktree, surroundings);
      return true;
    }
    const live = store.liveSessions().filter((session) => session.worktreeId === worktree.id);
    await Promise.all(live.map(({ id }) => this.#options.endSession(id).catch(() => undefined)));
    await processes.stopAll(worktree.id);
    if (await isCheckoutComplete(plan, { commonDir })) {
      const risk = await workAtRisk({ path: worktree.path, commonDir, branch: plan.branch, base: plan.commit });
      if (!isNothing(risk)) return false;
      await this.#options.register.discard(worktree, main);
      if (plan.isNewBranch) await deleteBranch({ commonDir, branch: plan.branch, at: plan.commit });
    } else {
      const { undone } = await undoCheckout(plan, { commonDir });
      if (!undone) return false;
    }
    await this.#options.register.strike(worktree, surroundings);
    return true;
  }

  async #adopt(order: {
    readonly path: string;
    readonly operationId: string | undefined;
    readonly env: Environment;
    readonly name: string | null;
    readonly ports: readonly PortLease[];
  }): Promise<Worktree> {
    const { rows, now } = this.#options;
    const { path, operationId, env } = order;
    const main = await mainCheckoutOf(path);
    const place = await placeOf(path);
    if (place.worktree === null) {
      throw new TallyError(
        "worktree-not-ready",
        `${path} is the main checkout. Adopt one that was made with git worktree add.`,
      );
    }
    const known = rows.find(place.worktree.id);
    if (known && isManaged(known)) {
      throw new TallyError(
        "worktree-exists",
        `Worktree ${known.name} is Tally's already. See: tally show ${known.name}`,
      );
    }
    const { recipe } = await this.#recipeOf(main, null);
    const journal: Journal = {
      recipe,
      agent: null,
      plan: null,
      skipCommands: false,
      hasBegun: true,
      removal: null,
      restoredFrom: null,
      restoredBranch: null,
    };
    const { name, branch } = place.worktree;
    const base = recipe.base ?? (await listBranches(main.commonDir)).defaultBranch;
    const given = order.name !== null && problemOfWorktreeName(order.name) === null ? order.name : null;
    const facts = { name: given ?? branch ?? name, path: place.worktree.path, branch, base };
    const worktree = { ...this.#options.register.newRow(main, facts), ports: order.ports.filter(isPlausible) };
    const adding = { worktreeId: worktree.id, main, journal, prompt: null, env };
    const steps = addSteps(adding, this.#options).filter(({ id }) => id === "ports");
    const operation = newOperation(operationId ?? randomUUID(), "adopt", steps, now());
    await this.#options.register.enter({ ...worktree, operation, createdAt: known?.createdAt ?? now() }, journal, main);
    this.#beginAdd(worktree.id, operation, steps, { main, env });
    await this.#options.operations.settled(worktree.id);
    this.#options.processes.describe(rows.get(worktree.id), recipe);
    return rows.get(worktree.id);
  }

  async #recipeOf(main: MainCheckout, commit: string | null): Promise<ReadRecipe> {
    const read = await readRecipe(main, commit);
    if (read.problem !== null) throw new TallyError("tally-json-invalid", read.problem);
    return read;
  }

  #beginAdd(worktreeId: string, operation: Operation, steps: readonly PlannedStep[], surroundings: Begun): void {
    const { main, isFinish = false } = surroundings;
    const { rows, records, standings, processes, log } = this.#options;
    this.#options.operations.begin({
      worktreeId,
      operation,
      steps,
      env: surroundings.env,
      isUndoneByCancel: !isFinish,
      done: { worktree: { status: "ready" } },
      onDone: () => {
        standings.watch(rows.get(worktreeId));
        void records.changed(main);
        processes.forgetFailed(worktreeId).catch((error: unknown) => {
          log.warn("failed setup commands are not forgotten", { worktreeId, error });
        });
      },
      onFailed: () => this.#addFailed(worktreeId, surroundings),
    });
  }

  /** Before there can be work in it, a failed add leaves nothing. */
  async #addFailed(id: string, surroundings: Begun): Promise<void> {
    const { rows } = this.#options;
    const worktree = rows.find(id);
    if (!worktree) return;
    const journal = rows.journal(id);
    const mayHoldWork = journal.hasBegun || surroundings.isFinish;
    if (mayHoldWork || !(await this.leavesNothing(worktree, surroundings, journal)))
      rows.update(id, { status: "broken" });
  }
}

/** The ports below are the system's, and a name goes into a variable's. */
function isPlausible({ name, port }: PortLease): boolean {
  return portName.safeParse(name).success && port >= FIRST_PORT;
}

/** Links in what is there of a path are resolved, as git does it. */
async function canonical(path: string): Promise<string> {
  const parent = dirname(path);
  if (parent === path) return path;
  const real = await realpath(parent).catch(() => canonical(parent));
  return join(real, basename(path));
}
