import type { Settings } from "../../protocol/limits.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import type { Log } from "../log.ts";
import type { Personas } from "../personas/personas.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { Store } from "../store/store.ts";
import { leasedPorts } from "./add-steps.ts";
import { AgentCheckoutPermissions } from "./agent-permissions.ts";
import { Approvals } from "./approval.ts";
import { CommandApproval } from "./command-approval.ts";
import { importWhenMet } from "./meeting.ts";
import { PortLeases } from "./ports.ts";
import { Processes } from "./processes/processes.ts";
import { ProjectRecords } from "./project-records.ts";
import { refreshAfterTurns } from "./refresh-after-turns.ts";
import { StandingWatch } from "./standing-watch.ts";
import { WorktreeRows } from "./worktree-rows.ts";
import { Worktrees } from "./worktrees.ts";

export interface WorktreeServicesOptions {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
  readonly agents: AgentRegistry;
  readonly settings: () => Settings;
  readonly personas: Personas;
  readonly sessions: Sessions;
  readonly versionOf: (file: string) => Promise<string | null>;
  /** Whether somebody looks at the worktrees. */
  readonly isWatched: () => boolean;
  /** The gateway's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly graceMs: number;
  readonly processStartMs: number;
}

/** All that has to do with worktrees, put together. */
export function worktreeServices(options: WorktreeServicesOptions) {
  const { store, log, now, agents, settings, personas, sessions, versionOf, isWatched, env, graceMs } = options;
  const rows = new WorktreeRows(store, now);
  const leases = new PortLeases({ leased: () => leasedPorts(store) });
  const approvals = new Approvals({ store });
  const permissions = new AgentCheckoutPermissions({ adapters: agents.adapters(), versionOf });
  const records = new ProjectRecords({ store, log, ofAgents: permissions.files });
  const approval = new CommandApproval({ store, approvals });
  const processes = new Processes({
    requireApproval: (process) => approval.require({ id: process.worktreeId, projectId: process.projectId }),
    store,
    log,
    now,
    ptyHosts: sessions.ptyHosts,
    graceMs,
    startTimeoutMs: options.processStartMs,
    env,
  });
  const standings = new StandingWatch({
    log,
    now,
    isWanted: isWatched,
    onStanding: (id, standing) => {
      const before = rows.find(id);
      rows.update(id, { standing, branch: standing.branch });
      if (before && before.branch !== standing.branch) void worktrees.recordsChanged(before);
    },
  });
  const untilPtyHostsKnown = () => sessions.ptyHosts.untilComplete();
  const worktrees: Worktrees = new Worktrees({
    rows,
    store,
    log,
    now,
    leases,
    processes,
    permissions,
    records,
    agents,
    settings,
    personas,
    approvals,
    standings,
    createSession: (request) => sessions.create(request),
    endSession: (id) => sessions.end(id, false),
    untilPtyHostsKnown,
    requireApproval: (worktree) => approval.require(worktree),
    isApproved: (worktree) => approval.has(worktree),
  });
  const meeting = importWhenMet({ store, log, records, worktrees });
  const turns = refreshAfterTurns(store, standings);
  const stop = async () => {
    await worktrees.operations.stop();
    meeting.dispose();
    turns.dispose();
    standings.stop();
    processes.stopWatching();
  };
  return {
    worktrees,
    processes,
    approvals,
    records,
    ofWorktrees: { store, rows, worktrees, approvals, leases, processes, untilPtyHostsKnown, stop },
  };
}
