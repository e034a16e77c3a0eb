import type { Project, Reason, Session, Task, Worktree } from "../../src/protocol/entities.ts";
import type { Account, Continuation, Pause, QuotaWindow } from "../../src/protocol/limits.ts";
import { noTerminalSignals, type PtyInfo } from "../../src/protocol/ptyhost.ts";
import type { HelperProcess, Operation } from "../../src/protocol/worktrees.ts";
import type { AgentRequest } from "../../src/protocol/requests.ts";
import { blankTask } from "../../src/server/tasks/blank-task.ts";

/** A project that is whole, and differs from any other only in what a test says. */
export function aProject(fields: Partial<Project> = {}): Project {
  return {
    id: "project1",
    name: "shop",
    path: "/home/me/shop",
    commonDir: "/home/me/shop/.git",
    preferredIde: null,
    createdAt: 1_000,
    updatedAt: 1_000,
    ...fields,
  };
}

export function aReason(fields: Partial<Reason> = {}): Reason {
  return {
    text: "It is being started.",
    source: "gateway",
    signal: null,
    at: 1_000,
    isUnknown: false,
    caveat: null,
    ...fields,
  };
}

/** A permission that an agent asks for. */
export function aRequest(fields: Partial<AgentRequest> = {}): AgentRequest {
  return {
    id: "request1",
    kind: "permission",
    title: "Bash: touch x",
    detail: "touch x",
    questions: [],
    isAnswerable: true,
    at: 1_000,
    ...fields,
  };
}

/** A pty that runs and has said nothing. */
export function aPty(fields: Partial<PtyInfo> = {}, signals: Partial<PtyInfo["signals"]> = {}): PtyInfo {
  return {
    ptyId: "p",
    phase: "running",
    generation: 1,
    replacing: null,
    pid: 42,
    exitCode: null,
    signal: null,
    exitedAt: null,
    spawnError: null,
    status: null,
    statusAt: null,
    signals: { ...noTerminalSignals, ...signals },
    ...fields,
  };
}

export function aSession(fields: Partial<Session> = {}): Session {
  return {
    id: "session1",
    projectId: "project1",
    worktreeId: null,
    rootTaskId: "claude-1000-abcdefghi",
    agent: "claude",
    title: "Fix the cart",
    command: ["claude"],
    cwd: "/home/me/shop",
    mode: "pty",
    origin: "editor",
    state: "RUNNING",
    stateSince: 1_000,
    reason: aReason(),
    request: null,
    conversationId: null,
    agentVersion: null,
    model: null,
    promptCount: 0,
    usage: null,
    accountId: null,
    persona: null,
    autoResume: true,
    continuation: null,
    archivedAt: null,
    pid: null,
    exitCode: null,
    exitSignal: null,
    createdAt: 1_000,
    endedAt: null,
    updatedAt: 1_000,
    ...fields,
  };
}

/** A worktree that Tally made, in which all is well. */
export function aWorktree(fields: Partial<Worktree> = {}): Worktree {
  return {
    id: "worktree1",
    projectId: "project1",
    name: "feature-payment",
    path: "/home/me/shop-feature-payment",
    branch: "feature-payment",
    status: "ready",
    base: "main",
    ports: [],
    shared: [],
    standing: null,
    operation: null,
    agentSessionId: null,
    createdAt: 1_000,
    updatedAt: 1_000,
    ...fields,
  };
}

/** An operation that is under way and has not come to its first step. */
export function anOperation(fields: Partial<Operation> = {}): Operation {
  return {
    id: "op1",
    kind: "add",
    state: "running",
    steps: [],
    error: null,
    startedAt: 1_000,
    endedAt: null,
    ...fields,
  };
}

/** A helper process that runs and listens. */
export function aProcess(fields: Partial<HelperProcess> = {}): HelperProcess {
  return {
    id: "process-1",
    projectId: "project1",
    worktreeId: "worktree1",
    name: "backend",
    kind: "process",
    command: "python manage.py runserver $TALLY_PORT_BACKEND",
    cwd: "/home/me/shop-feature-payment/backend",
    port: 8000,
    isListening: true,
    state: "RUNNING",
    reason: "It answers on port 8000.",
    pid: 42,
    exitCode: null,
    exitSignal: null,
    startedAt: 1_000,
    endedAt: null,
    createdAt: 1_000,
    updatedAt: 1_000,
    ...fields,
  };
}

export function aTask(fields: Partial<Task> = {}): Task {
  return {
    ...blankTask,
    id: "task1",
    projectId: "project1",
    sessionId: null,
    kind: "foreign",
    agent: "custom",
    title: "Migrate the database",
    state: "RUNNING",
    createdAt: 1_000,
    updatedAt: 1_000,
    endedAt: null,
    ...fields,
  };
}

/** A task that waits in the queue. */
export function aRun(fields: Partial<Task> = {}): Task {
  return aTask({
    id: "run1",
    kind: "run",
    agent: "claude",
    title: "Fix the tests",
    description: "Fix the tests",
    state: "QUEUED",
    position: 1,
    run: {
      via: null,
      attempts: 0,
      waitsFor: null,
      timeLimitMs: null,
      pid: null,
      exitCode: null,
      exitSignal: null,
    },
    ...fields,
  });
}

/** The usual account of Claude Code, of whose use nothing is known. */
export function anAccount(fields: Partial<Account> = {}): Account {
  return {
    id: "claude-account1",
    agent: "claude",
    label: "Claude Code",
    isDefault: true,
    quotas: [],
    updatedAt: 1_000,
    ...fields,
  };
}

export function aQuota(fields: Partial<QuotaWindow> = {}): QuotaWindow {
  return { kind: "five-hour", model: null, usedPercent: 40, resetsAt: null, at: 1_000, fullAt: null, ...fields };
}

/** A limit that its agent told of, and that holds. */
export function aPause(fields: Partial<Pause> = {}): Pause {
  return {
    id: "pause1",
    accountId: "claude-account1",
    agent: "claude",
    label: "Claude Code",
    model: null,
    holdsUnnamedModel: true,
    kind: "five-hour",
    since: 1_000,
    until: null,
    isInForce: true,
    reason: "The 5-hour limit is reached.",
    source: "hook",
    signal: "StopFailure hook",
    evidence: null,
    sessionId: null,
    nextTryAt: null,
    tries: 0,
    endedAt: null,
    endedBy: null,
    createdAt: 1_000,
    updatedAt: 1_000,
    ...fields,
  };
}

export function aContinuation(fields: Partial<Continuation> = {}): Continuation {
  return {
    pauseId: "pause1",
    owner: "tally",
    status: "scheduled",
    at: null,
    text: "It goes on when the limit resets.",
    ...fields,
  };
}
