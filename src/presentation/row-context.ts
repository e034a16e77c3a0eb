import type { Session, Task, Worktree } from "../protocol/entities.ts";
import type { Pause } from "../protocol/limits.ts";
import type { HelperProcess } from "../protocol/worktrees.ts";
import { goesOnByItself, isHeld } from "./continuation-words.ts";
import { isRunning } from "./operation-words.ts";
import { isProcessLive } from "./process-words.ts";
import { isQueued } from "./queue-rows.ts";
import { needsPerson, waitsForPause } from "./run-words.ts";
import type { RunNode, TreeNode } from "./tree-nodes.ts";

/** What `when` clauses in package.json tell rows apart by. */
export function rowContext(node: TreeNode): string {
  switch (node.kind) {
    case "run":
      return runContext(node);
    case "project":
      return node.project.commonDir === null ? "project.folder" : "project.repository";
    case "group":
      return `group.${node.of.by === "state" ? node.of.need : node.of.by}`;
    case "worktree":
      return worktreeContext(node.worktree);
    case "process":
      return processContext(node.process);
    case "session":
      return sessionContext(node.session);
    case "task":
      return taskContext(node.task);
    case "pause":
      return pauseContext(node.pause);
    case "queue":
    case "later":
    case "more":
    case "shared":
    case "sharedPath":
    case "earlier":
    case "ended":
    case "account":
      return node.kind;
  }
}

/**
 * What `when` clauses in package.json tell sessions apart by: `session.live.pty.permission`. Whether it lives, whether it has a
 * terminal, which answer Tally can hand to it, and what can be done about its limit; last, whether it is `archived`.
 */
export function sessionContext(session: Session): string {
  const { endedAt, mode, request, archivedAt } = session;
  const isAnswerable = endedAt === null && request?.isAnswerable;
  const words = ["session", endedAt === null ? "live" : "ended", mode, ...limitContext(session)];
  const archived = archivedAt === null ? [] : ["archived"];
  return [...words, ...(isAnswerable ? [request.kind] : []), ...archived].join(".");
}

/** `held`, `paused` or `resumable`, and whether it goes on by itself (`auto`) or could be made to (`stopped`). */
function limitContext(session: Session): string[] {
  const auto = goesOnByItself(session) ? ["auto"] : [];
  if (isHeld(session)) return ["held", ...auto];
  if (session.endedAt !== null) return [...(session.conversationId === null ? [] : ["resumable"]), ...auto];
  if (session.state !== "PAUSED" || session.mode === "headless") return [];
  return ["paused", ...(auto.length > 0 ? auto : ["stopped"])];
}

/**
 * `run.waiting.paused.first.session`: whether it waits or runs, what that is about, where it stands among those that wait, and whether it
 * has a session. One that runs in a terminal is `run.terminal`.
 */
export function runContext({ task, session, isFirst, isLast }: RunNode): string {
  const words = isQueued(task)
    ? [
        "waiting",
        ...(waitsForPause(task) ? ["paused"] : []),
        ...(needsPerson(task) ? ["stuck"] : []),
        ...(isFirst ? ["first"] : []),
        ...(isLast ? ["last"] : []),
      ]
    : [task.run?.via === "terminal" ? "terminal" : "running"];
  return ["run", ...words, ...(session === null ? [] : ["session"])].join(".");
}

/** `task.foreign`, `task.prompt`, or of a headless run that is over `task.run.done` or `task.run.failed`. */
export function taskContext({ kind, state }: Task): string {
  if (kind === "run") return state === "DONE" ? "task.run.done" : "task.run.failed";
  return kind === "foreign" ? "task.foreign" : "task.prompt";
}

/** `pause.manual`, whose end a person sets, `pause.limit`, whose end the agent's provider does, or `pause.suggested`. */
export function pauseContext({ isInForce, kind }: Pause): string {
  if (!isInForce) return "pause.suggested";
  return kind === "manual" ? "pause.manual" : "pause.limit";
}

/** `worktree.ready.ports`: its status, `busy` while something is done to it, and whether it has ports that could be opened. */
export function worktreeContext({ status, operation, ports }: Worktree): string {
  const busy = isRunning(operation) ? ["busy"] : [];
  return ["worktree", status, ...busy, ...(ports.length > 0 ? ["ports"] : [])].join(".");
}

/** `process.live.port`: whether it runs, and whether it listens. Of commands that run once `setup` or `teardown`. */
export function processContext(process: HelperProcess): string {
  const { kind, port, isListening } = process;
  const words = [kind, isProcessLive(process) ? "live" : "ended"];
  return [...words, ...(port !== null && isListening === true ? ["port"] : [])].join(".");
}
