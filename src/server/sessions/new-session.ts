import type { Session, Task } from "../../protocol/entities.ts";
import type { AgentAdapter, AgentLaunch } from "../agents/adapter.ts";
import { blankTask } from "../tasks/blank-task.ts";
import type { LaunchOrder } from "./launch.ts";
import { reasonOf } from "./session-state.ts";

export interface NewSession {
  readonly id: string;
  readonly taskId: string;
  readonly projectId: string;
  readonly worktreeId: string | null;
  /** Canonical. */
  readonly cwd: string;
  readonly request: Pick<LaunchOrder, "title" | "args" | "origin" | "persona"> & Pick<Session, "mode">;
  readonly adapter: AgentAdapter;
  readonly launch: Pick<AgentLaunch, "conversationId" | "version">;
  readonly accountId: string;
  readonly now: number;
}

/** A session as it is before its process is there. */
export function newSession(described: NewSession): Session {
  const { id, taskId, projectId, worktreeId, cwd, request, adapter, launch, accountId, now } = described;
  return {
    id,
    projectId,
    worktreeId,
    rootTaskId: taskId,
    agent: adapter.name,
    title: request.title?.trim() || adapter.title(request.args),
    command: adapter.program === null ? [...request.args] : [adapter.program, ...request.args],
    cwd,
    mode: request.mode,
    origin: request.origin,
    state: "STARTING",
    stateSince: now,
    reason: reasonOf({ text: "It is being started.", source: "gateway", at: now }),
    request: null,
    conversationId: launch.conversationId,
    agentVersion: launch.version,
    model: null,
    promptCount: 0,
    usage: null,
    accountId,
    persona: request.persona ?? null,
    autoResume: true,
    continuation: null,
    archivedAt: null,
    pid: null,
    exitCode: null,
    exitSignal: null,
    createdAt: now,
    endedAt: null,
    updatedAt: now,
  };
}

/** The task that stands for the whole session. One that a wrapper reported before becomes it. */
export function rootTaskOf(session: Session, agentLabel: string, known: Task | null): Task {
  return {
    ...blankTask,
    id: session.rootTaskId,
    projectId: session.projectId,
    sessionId: session.id,
    kind: "root",
    agent: agentLabel,
    title: session.title,
    state: "RUNNING",
    details: session.reason.text,
    pinned: known?.pinned ?? false,
    createdAt: known?.createdAt ?? session.createdAt,
    updatedAt: session.updatedAt,
    endedAt: null,
  };
}
