import * as z from "zod";
import { TallyError } from "../../protocol/errors.ts";
import type { Settings } from "../../protocol/limits.ts";
import { portLeaseSchema } from "../../protocol/worktrees.ts";
import type { Store } from "../store/store.ts";
import type { AgentCheckoutPermissions } from "./agent-permissions.ts";
import { journalSchema } from "./journal.ts";
import type { MainCheckout } from "./main-checkout.ts";
import type { PlannedStep } from "./operations.ts";
import type { PortLeases } from "./ports.ts";
import type { Processes } from "./processes/processes.ts";
import type { ProjectRecords } from "./project-records.ts";
import { isCheckedOut } from "./checkouts.ts";
import { readStanding } from "./standing.ts";
import { restoreSnapshot } from "./snapshot/restore.ts";
import type { WorktreeRows } from "./worktree-rows.ts";

/** What a snapshot keeps besides files: what Tally knew of the worktree. */
export const snapshotExtraSchema = z.object({
  ports: z.array(portLeaseSchema).default([]),
  shared: z.array(z.string()).default([]),
  base: z.string().nullable().default(null),
  agentSessionId: z.string().nullable().default(null),
  sessionIds: z.array(z.string()).default([]),
  journal: journalSchema,
});
export type SnapshotExtra = z.infer<typeof snapshotExtraSchema>;

export interface RestoreStepsOptions {
  readonly rows: WorktreeRows;
  readonly store: Store;
  readonly leases: PortLeases;
  readonly processes: Processes;
  readonly permissions: AgentCheckoutPermissions;
  readonly records: ProjectRecords;
  readonly settings: () => Settings;
  readonly now: () => number;
}

export interface RestoreOrder {
  readonly worktreeId: string;
  readonly main: MainCheckout;
  readonly ref: string;
  readonly extra: SnapshotExtra;
  readonly leftOut: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The steps that bring back a removed worktree as it was. Nothing is started in it. */
export function restoreSteps(order: RestoreOrder, options: RestoreStepsOptions): PlannedStep[] {
  const { extra } = order;
  return [...(extra.ports.length === 0 ? [] : [leaseAgain(order, options)]), bringBack(order, options)];
}

function leaseAgain({ worktreeId, extra }: RestoreOrder, { rows, leases }: RestoreStepsOptions): PlannedStep {
  return {
    id: "ports",
    label: "Lease ports",
    run: async () => {
      const bases = new Map(extra.journal.recipe.ports.map(({ name, from }) => [name, from]));
      // Where a removal is taken back, or a restore is finished, it has them still.
      const had = rows.get(worktreeId).ports;
      const missing = extra.ports.filter(({ name }) => !had.some((lease) => lease.name === name));
      const wanted = missing.map(({ name, port }) => ({ name, from: bases.get(name) ?? port, preferred: port }));
      const ports = await leases.lease(wanted, (leased) => {
        const all = [...had, ...leased];
        rows.update(worktreeId, { ports: all });
        return all;
      });
      return ports.map(({ name, port }) => `${name} ${port}`).join(", ");
    },
  };
}

function bringBack(order: RestoreOrder, options: RestoreStepsOptions): PlannedStep {
  const { rows, store, processes, permissions, records, settings, now } = options;
  const { worktreeId, main, ref, extra, leftOut, env } = order;
  return {
    id: "restore",
    label: "Restore the snapshot",
    run: async ({ signal, tell }) => {
      const { path } = rows.get(worktreeId);
      const wanted = { commonDir: main.commonDir, ref, path, signal, onProgress: tell };
      const { branch, notes } = await restoreSnapshot(wanted).catch(async (error: unknown) => {
        // One that was cut off after it was whole.
        const isThere = error instanceof TallyError && error.code === "folder-exists";
        if (!isThere || !(await isCheckedOut(main.commonDir, path))) throw error;
        return { ...(await readStanding(path, extra.base)), notes: [] };
      });
      rows.update(worktreeId, { branch });
      if (settings().carryClaudePermissions) await permissions.carry({ mainPath: main.mainPath, path, env });
      await records.changed(main);
      processes.describe(rows.get(worktreeId), extra.journal.recipe);
      store.change((transaction) => {
        for (const id of extra.sessionIds) {
          const session = store.session(id);
          if (session) transaction.putSession({ ...session, worktreeId, archivedAt: null, updatedAt: now() });
        }
      });
      const again = leftOut.length === 0 ? [] : [`Left out, to be made again: ${leftOut.join(", ")}.`];
      return [...notes, ...again].join(" ") || null;
    },
  };
}
