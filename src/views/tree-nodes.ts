import type { Project, Session, Task, Worktree } from "../protocol/entities.ts";
import type { Account, Pause } from "../protocol/limits.ts";
import type { HelperProcess } from "../protocol/worktrees.ts";

/** One row of the tree. Its id is stable for as long as what it shows exists. */
export type TreeNode =
  | QueueNode
  | RunNode
  | ProjectNode
  | WorktreeNode
  | SessionNode
  | ProcessNode
  | SharedNode
  | SharedPathNode
  | TaskNode
  | EarlierNode
  | PauseNode
  | AccountNode;
export type NodeId = string;

interface NodeBase {
  readonly id: NodeId;
  readonly parent: NodeId | null;
  readonly children: readonly NodeId[];
}

/** Stands for the tasks that were handed over to Tally and have not ended. */
export interface QueueNode extends NodeBase {
  readonly kind: "queue";
  readonly running: number;
  readonly waiting: number;
}

/** A task of the queue: it runs, or waits for its turn. */
export interface RunNode extends NodeBase {
  readonly kind: "run";
  readonly task: Task;
  /** The worktree's name, or the project's. */
  readonly place: string;
  /** The account's label; null where it is not known. */
  readonly account: string | null;
  /** The title of the session in whose conversation it is done, and whether that waits for the person. */
  readonly session: { readonly title: string; readonly isWaiting: boolean } | null;
  /** Whether a task before it in the queue is done in the same place. */
  readonly isBehind: boolean;
  /** Whether it is the first, or the last, of those that wait. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export interface ProjectNode extends NodeBase {
  readonly kind: "project";
  readonly project: Project;
  readonly counts: StateCounts;
}

export interface WorktreeNode extends NodeBase {
  readonly kind: "worktree";
  readonly worktree: Worktree;
  readonly project: Project;
  readonly counts: StateCounts;
}

export interface SessionNode extends NodeBase {
  readonly kind: "session";
  readonly session: Session;
  readonly project: Project;
  /** Whether the pause that stopped it has ended. */
  readonly isPauseOver: boolean;
}

/** A helper command of a worktree; one that is run once only while it runs, or when it failed. */
export interface ProcessNode extends NodeBase {
  readonly kind: "process";
  readonly process: HelperProcess;
  readonly worktree: Worktree;
}

/** Stands for what a worktree has in common with the main checkout. */
export interface SharedNode extends NodeBase {
  readonly kind: "shared";
}

export interface SharedPathNode extends NodeBase {
  readonly kind: "sharedPath";
  readonly path: string;
}

export interface TaskNode extends NodeBase {
  readonly kind: "task";
  readonly task: Task;
}

/** Stands for the prompts of a long conversation that came before the latest ones. */
export interface EarlierNode extends NodeBase {
  readonly kind: "earlier";
}

/** A limit that is in force, or that looks as if it were. */
export interface PauseNode extends NodeBase {
  readonly kind: "pause";
  readonly pause: Pause;
  /** What is known of the account's use. */
  readonly account: Account | null;
  /** The sessions that go on by themselves when it ends. */
  readonly waiting: readonly Session[];
}

/** What is used of an account, where its agent tells it. */
export interface AccountNode extends NodeBase {
  readonly kind: "account";
  readonly account: Account;
}

export interface Tree {
  readonly roots: readonly NodeId[];
  readonly nodes: ReadonlyMap<NodeId, TreeNode>;
}

/** How many sessions and foreign tasks wait for the person, do who knows what, are paused, or work. */
export interface StateCounts {
  readonly waiting: number;
  readonly unknown: number;
  readonly paused: number;
  readonly running: number;
}

export const emptyTree: Tree = { roots: [], nodes: new Map() };

export const QUEUE_ID: NodeId = "queue";

export const nodeId = {
  run: (taskId: string): NodeId => `run:${taskId}`,
  project: (id: string): NodeId => `project:${id}`,
  worktree: (id: string): NodeId => `worktree:${id}`,
  session: (id: string): NodeId => `session:${id}`,
  process: (id: string): NodeId => `process:${id}`,
  shared: (worktreeId: string): NodeId => `shared:${worktreeId}`,
  sharedPath: (worktreeId: string, path: string): NodeId => `shared-path:${worktreeId}:${path}`,
  task: (id: string): NodeId => `task:${id}`,
  earlier: (sessionId: string): NodeId => `earlier:${sessionId}`,
  pause: (id: string): NodeId => `pause:${id}`,
  account: (id: string): NodeId => `account:${id}`,
};
