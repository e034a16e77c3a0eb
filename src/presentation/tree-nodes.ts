import type { Project, Session, Task, Worktree } from "../protocol/entities.ts";
import type { Account, Pause } from "../protocol/limits.ts";
import type { HelperProcess } from "../protocol/worktrees.ts";

/** One row of the tree. Its id is stable for as long as what it shows exists. */
export type TreeNode =
  | QueueNode
  | RunNode
  | LaterNode
  | GroupNode
  | ProjectNode
  | WorktreeNode
  | SessionNode
  | ProcessNode
  | SharedNode
  | SharedPathNode
  | TaskNode
  | EarlierNode
  | MoreNode
  | EndedNode
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
  /** The account's label; null where it is not known, or is the one that the agent uses anyway. */
  readonly account: string | null;
  /** The title of the session in whose conversation it is done, and whether that waits for the person. */
  readonly session: { readonly title: string; readonly isWaiting: boolean } | null;
  /** Whether a task before it in the queue is done in the same place. */
  readonly isBehind: boolean;
  /** Whether it is the first, or the last, of those that wait. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** Stands for the tasks of the queue that come after the next few. */
export interface LaterNode extends NodeBase {
  readonly kind: "later";
}

/** What the rows below it have in common, where that is not their project. */
export interface GroupNode extends NodeBase {
  readonly kind: "group";
  readonly of: GroupKey;
  readonly counts: StateCounts;
  /** How many sessions and foreign tasks it has. */
  readonly size: number;
}

export type GroupKey =
  | { readonly by: "state"; readonly need: Need }
  | { readonly by: "agent"; readonly agent: string }
  | { readonly by: "archived" };

/** What a session or a foreign task needs of the person, what needs them most first. */
export const needs = ["waiting", "failed", "unknown", "paused", "idle", "running", "ended"] as const;
export type Need = (typeof needs)[number];

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
  /** Its worktree's name, or its project's, where no row above says it. */
  readonly place: string | null;
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
  /** Its project's name, where no row above says it. */
  readonly place: string | null;
}

/** Stands for the prompts of a long conversation that came before the latest ones. */
export interface EarlierNode extends NodeBase {
  readonly kind: "earlier";
}

/** Stands for the tasks of other tools that go on and come after the first ones, where there are many below one row. */
export interface MoreNode extends NodeBase {
  readonly kind: "more";
}

/** Stands for what has ended below one row, where that is much: what failed comes first. */
export interface EndedNode extends NodeBase {
  readonly kind: "ended";
  readonly failed: number;
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
export const LATER_ID: NodeId = "queue-later";

export const nodeId = {
  run: (taskId: string): NodeId => `run:${taskId}`,
  project: (id: string): NodeId => `project:${id}`,
  worktree: (id: string): NodeId => `worktree:${id}`,
  session: (id: string): NodeId => `session:${id}`,
  process: (id: string): NodeId => `process:${id}`,
  shared: (worktreeId: string): NodeId => `shared:${worktreeId}`,
  sharedPath: (worktreeId: string, path: string): NodeId => `shared-path:${worktreeId}:${path}`,
  task: (id: string): NodeId => `task:${id}`,
  group: (key: GroupKey): NodeId =>
    key.by === "state" ? `group:state:${key.need}` : key.by === "agent" ? `group:agent:${key.agent}` : "group:archived",
  more: (parent: NodeId): NodeId => `more:${parent}`,
  ended: (parent: NodeId): NodeId => `ended:${parent}`,
  earlier: (sessionId: string): NodeId => `earlier:${sessionId}`,
  pause: (id: string): NodeId => `pause:${id}`,
  account: (id: string): NodeId => `account:${id}`,
};
