import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Settings } from "../../protocol/limits.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import type { PortLease } from "../../protocol/worktrees.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import type { Store } from "../store/store.ts";
import { addCheckout, isCheckoutComplete, undoCheckout } from "./checkout.ts";
import { copyFiles, filesToCopy } from "./copying.ts";
import type { AgentCheckoutPermissions } from "./agent-permissions.ts";
import type { Journal } from "./journal.ts";
import type { MainCheckout } from "./main-checkout.ts";
import type { PlannedStep } from "./operations.ts";
import type { PortLeases } from "./ports.ts";
import type { Processes } from "./processes/processes.ts";
import type { ProjectRecords } from "./project-records.ts";
import { linkShared } from "./sharing.ts";
import { isManaged, type WorktreeRows } from "./worktree-rows.ts";

export interface AddStepsOptions {
  readonly rows: WorktreeRows;
  readonly store: Store;
  readonly leases: PortLeases;
  readonly processes: Processes;
  readonly permissions: AgentCheckoutPermissions;
  readonly records: ProjectRecords;
  readonly agents: AgentRegistry;
  readonly settings: () => Settings;
  readonly createSession: (request: RouteBody<"createSession">) => Promise<{ readonly session: Session }>;
  /** Resolves once it is known which terminals there still are. */
  readonly untilPtyHostsKnown: () => Promise<void>;
}

/** What an add works on. */
export interface AddOrder {
  readonly worktreeId: string;
  readonly main: MainCheckout;
  readonly journal: Journal;
  /** The first thing that the agent is told. Kept nowhere: a repair starts it without. */
  readonly prompt: string | null;
  readonly env: Readonly<Record<string, string>>;
}

/** The steps that make a worktree, or that finish one which was begun. */
export function addSteps(order: AddOrder, options: AddStepsOptions): PlannedStep[] {
  const { journal, main } = order;
  const { recipe, skipCommands } = journal;
  const steps: (PlannedStep | null)[] = [
    recipe.ports.length === 0 ? null : leasePorts(order, options),
    journal.plan === null ? null : checkOut(order, options),
    main.isBare ? null : copyIgnored(order, options),
    main.isBare || recipe.symlink.length === 0 ? null : shareLinks(order, options),
    options.settings().carryClaudePermissions && !main.isBare ? carryPermissions(order, options) : null,
    skipCommands || recipe.setup.length === 0 ? null : runSetup(order, options),
    skipCommands || recipe.processes.length === 0 ? null : startProcesses(order, options),
    journal.agent === null ? null : startAgent(order, options),
  ];
  return steps.filter((step) => step !== null);
}

/** The ports that the store knows to be leased, but for those of one worktree. */
export function leasedPorts(store: Store, exceptId: string | null = null): ReadonlySet<number> {
  const others = store.worktrees().filter((worktree) => worktree.id !== exceptId && isManaged(worktree));
  return new Set(others.flatMap(({ ports }) => ports.map(({ port }) => port)));
}

function leasePorts({ worktreeId, journal }: AddOrder, { rows, leases }: AddStepsOptions): PlannedStep {
  return {
    id: "ports",
    label: "Lease ports",
    run: async () => {
      const had = leasesLeft(rows.get(worktreeId).ports, journal);
      const missing = journal.recipe.ports.filter(({ name }) => !had.some((lease) => lease.name === name));
      const all = await leases.lease(missing, (ports) => {
        const leased = [...had, ...ports];
        rows.update(worktreeId, { ports: leased });
        return leased;
      });
      return portWords(all);
    },
  };
}

function checkOut({ main, journal }: AddOrder, { records }: AddStepsOptions): PlannedStep {
  return {
    id: "checkout",
    label: "Check out",
    run: async ({ signal, tell }) => {
      const { plan } = journal;
      if (plan === null) return null;
      const { commonDir } = main;
      await assertWritable(main.parent, plan.path);
      if (!(await isCheckoutComplete(plan, { commonDir }))) {
        const undone = await undoCheckout(plan, { commonDir });
        if (!undone.undone) throw new TallyError("folder-exists", undone.why);
      }
      // Of one that is complete it does only what is missing.
      const { notes } = await addCheckout(plan, { commonDir, signal, onProgress: tell });
      await records.changed(main);
      return [`Branch ${plan.branch}, ${originOf(plan)}.`, ...notes].join(" ");
    },
  };
}

/** Where a branch comes from, for a person. */
function originOf({ isNewBranch, track, base, commit }: NonNullable<Journal["plan"]>): string {
  if (track !== null) return `which follows ${track}`;
  return isNewBranch ? `from ${shortened(base ?? commit)}` : "which was there already";
}

/** A branch's name, or a commit's id as git shortens it. */
function shortened(start: string): string {
  return /^[0-9a-f]{40,64}$/.test(start) ? start.slice(0, 10) : start;
}

/** Those that tally.json still names; of a worktree that was adopted all that it came with. */
export function leasesLeft(had: readonly PortLease[], { plan, recipe }: Pick<Journal, "plan" | "recipe">): PortLease[] {
  return had.filter(({ name }) => plan === null || recipe.ports.some((wanted) => wanted.name === name));
}

/** Git would only say that it could not create leading directories. */
async function assertWritable(parent: string, path: string): Promise<void> {
  await access(parent, constants.W_OK).catch((error: unknown) => {
    if (path.startsWith(parent) && (error as NodeJS.ErrnoException).code === "EACCES") {
      throw new TallyError(
        "folder-unreadable",
        `You may not write to ${parent}, where ${path} belongs. Change its permissions, or the place in the settings (tally.worktrees.path).`,
      );
    }
  });
}

function copyIgnored({ worktreeId, main, journal }: AddOrder, { rows }: AddStepsOptions): PlannedStep {
  return {
    id: "copy",
    label: "Copy ignored files",
    run: async ({ signal, tell }) => {
      const { path } = rows.get(worktreeId);
      const { copy, symlink } = journal.recipe;
      const files = await filesToCopy(main.mainPath, copy, { exclude: symlink, signal });
      const { copied, kept } = await copyFiles({
        from: main.mainPath,
        to: path,
        files,
        signal,
        onProgress: ({ copied: done }) =>
          tell(`${done.toLocaleString("en")} of ${files.length.toLocaleString("en")} files`),
      });
      if (files.length === 0) return "There was nothing to copy.";
      return `${count(copied, "file")}${kept.length === 0 ? "" : `, ${kept.length} were there`}`;
    },
  };
}

function shareLinks({ worktreeId, main, journal }: AddOrder, { rows, records }: AddStepsOptions): PlannedStep {
  return {
    id: "link",
    label: "Link what is shared",
    run: async () => {
      const { path } = rows.get(worktreeId);
      const { linked, skipped } = await linkShared({ from: main.mainPath, to: path, paths: journal.recipe.symlink });
      rows.update(worktreeId, { shared: linked });
      await records.changed(main);
      const left = skipped.map(({ path: each, why }) => `${each}: ${why}`);
      return [linked.length === 0 ? "" : linked.join(", "), ...left].filter((text) => text !== "").join("; ");
    },
  };
}

function carryPermissions(
  { worktreeId, main, env }: AddOrder,
  { rows, permissions, records }: AddStepsOptions,
): PlannedStep {
  return {
    id: "permissions",
    label: "Carry over permissions",
    run: async () => {
      const { path } = rows.get(worktreeId);
      const notes = await permissions.carry({ mainPath: main.mainPath, path, env });
      await records.changed(main);
      return notes.length === 0 ? null : notes.join(" ");
    },
  };
}

function runSetup({ worktreeId, journal, env }: AddOrder, { rows, processes }: AddStepsOptions): PlannedStep {
  return {
    id: "setup",
    label: "Set up",
    run: async ({ signal, tell, showProcess }) => {
      rows.update(worktreeId, {}, { hasBegun: true });
      const { setup, prelude } = journal.recipe;
      for (const [index, command] of setup.entries()) {
        tell(`${setup.length === 1 ? "" : `${index + 1} of ${setup.length}: `}${command.run}`);
        const outcome = await processes.runOnce(
          rows.get(worktreeId),
          { kind: "setup", index, prelude, ...command },
          env,
          { signal, onProcess: showProcess },
        );
        signal.throwIfAborted();
        if (!outcome.ok) {
          const { name } = rows.get(worktreeId);
          throw new TallyError(
            "setup-failed",
            `${command.run}: ${outcome.why} Correct it, then finish: tally repair ${name}`,
          );
        }
      }
      return count(setup.length, "command");
    },
  };
}

function startProcesses({ worktreeId, journal, env }: AddOrder, { rows, processes }: AddStepsOptions): PlannedStep {
  return {
    id: "processes",
    label: "Start processes",
    run: async () => {
      rows.update(worktreeId, {}, { hasBegun: true });
      processes.describe(rows.get(worktreeId), journal.recipe);
      const outcomes = await processes.resume(worktreeId, env);
      const failed = outcomes.filter(({ outcome }) => outcome === "failed");
      const names = outcomes.map(({ process }) => process.name).join(", ");
      return failed.length === 0 ? names : failed.map(({ process, why }) => `${process.name}: ${why ?? ""}`).join("; ");
    },
  };
}

function startAgent(order: AddOrder, options: AddStepsOptions): PlannedStep {
  const { rows, store, agents, createSession, untilPtyHostsKnown } = options;
  const { worktreeId, main, journal, env, prompt } = order;
  return {
    id: "agent",
    label: "Start the agent",
    run: async () => {
      rows.update(worktreeId, {}, { hasBegun: true });
      const { agent: wanted } = journal;
      const worktree = rows.get(worktreeId);
      if (wanted === null) return null;
      // One that was started just before the gateway was killed, unless that was too soon for it to have a terminal.
      await untilPtyHostsKnown();
      const started = store.liveSessions().find((each) => each.worktreeId === worktreeId);
      if (started) {
        rows.update(worktreeId, { agentSessionId: started.id });
        return started.title;
      }
      const adapter = agents.adapter(wanted.agent);
      const asked = prompt === null ? [] : (adapter.firstPrompt(prompt) ?? []);
      const { session } = await createSession({
        agent: wanted.agent,
        ...(wanted.persona === null ? {} : { persona: wanted.persona }),
        args: [...wanted.args, ...asked],
        cwd: worktree.path,
        title: `${main.repository}-${worktree.name}`,
        env: { ...env },
        mode: "pty",
        origin: wanted.origin,
        cols: 80,
        rows: 24,
        awaitViewerMs: 0,
        whenPaused: "hold",
      });
      rows.update(worktreeId, { agentSessionId: session.id });
      return session.state === "PAUSED" ? session.reason.text : adapter.label;
    },
  };
}

function portWords(ports: readonly PortLease[]): string {
  return ports.map(({ name, port }) => `${name} ${port}`).join(", ");
}

function count(many: number, what: string): string {
  return `${many.toLocaleString("en")} ${what}${many === 1 ? "" : "s"}`;
}
