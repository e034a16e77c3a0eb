import type { Project, Reason, Session, Task } from "../../src/protocol/entities.ts";
import { noTerminalSignals, type PtyInfo } from "../../src/protocol/ptyhost.ts";
import type { AgentRequest } from "../../src/protocol/requests.ts";

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
    pid: null,
    exitCode: null,
    exitSignal: null,
    createdAt: 1_000,
    endedAt: null,
    updatedAt: 1_000,
    ...fields,
  };
}

export function aTask(fields: Partial<Task> = {}): Task {
  return {
    id: "task1",
    projectId: "project1",
    sessionId: null,
    kind: "foreign",
    agent: "custom",
    title: "Migrate the database",
    state: "RUNNING",
    details: null,
    usage: null,
    pinned: false,
    createdAt: 1_000,
    updatedAt: 1_000,
    endedAt: null,
    ...fields,
  };
}
