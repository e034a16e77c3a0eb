import type { Worktree } from "../protocol/entities.ts";
import { oneLine } from "../protocol/visible.ts";
import type { Standing, WorktreeStatus } from "../protocol/worktrees.ts";
import { failedWords, isRunning, operationWords, runningWords } from "./operation-words.ts";
import type { StateCounts } from "./tree-nodes.ts";

const MAX_NAME_LENGTH = 60;
const SHORT_HEAD = 8;

/** A worktree's name on one line. */
export function worktreeName({ name }: Pick<Worktree, "name">): string {
  return oneLine(name, MAX_NAME_LENGTH);
}

/** What stands behind a worktree's name: what is being done to it, what is wrong, or how it stands. */
export function worktreeDescription(worktree: Worktree, { waiting }: Pick<StateCounts, "waiting">): string {
  if (isRunning(worktree.operation)) return runningWords(worktree.operation);
  const parts = [
    waiting > 0 ? `${waiting} waiting` : "",
    brokenInShort(worktree),
    [branchInShort(worktree), driftInShort(worktree.standing)].filter(Boolean).join(" "),
    dirtyWords(worktree.standing),
    worktree.ports.map(({ port }) => `:${port}`).join(" "),
  ];
  return parts.filter(Boolean).join(" · ");
}

/** What a screen reader says of its row. */
export function worktreeLabel(worktree: Worktree, { waiting }: Pick<StateCounts, "waiting">): string {
  const { operation, ports, standing } = worktree;
  const name = worktreeName(worktree);
  if (isRunning(operation)) return `Worktree ${name}: ${runningWords(operation)}`;
  const parts = [
    `Worktree ${name}`,
    brokenInShort(worktree),
    waiting > 0 ? `${waiting} waiting` : "",
    branchInShort(worktree) === "" ? "" : branchWords(worktree),
    driftWords(standing),
    dirtyWords(standing),
    ports.map(({ name: port, port: number }) => `${oneLine(port, MAX_NAME_LENGTH)} on port ${number}`).join(", "),
  ];
  return parts.filter(Boolean).join(", ");
}

/** "On branch feature-x", "detached at 1234abcd". */
export function branchWords({ branch, standing }: Worktree): string {
  const now = standing === null ? branch : standing.branch;
  if (now !== null) return `on branch ${oneLine(now, MAX_NAME_LENGTH)}`;
  return standing?.head ? `detached at ${standing.head.slice(0, SHORT_HEAD)}` : "on no branch";
}

/** Only what the name does not say. */
function branchInShort({ name, branch, standing }: Worktree): string {
  const now = standing === null ? branch : standing.branch;
  if (now === name) return "";
  if (now !== null) return oneLine(now, MAX_NAME_LENGTH);
  return standing?.head ? standing.head.slice(0, SHORT_HEAD) : "";
}

function driftInShort(standing: Standing | null): string {
  if (standing === null) return "";
  return [standing.ahead > 0 ? `↑${standing.ahead}` : "", standing.behind > 0 ? `↓${standing.behind}` : ""]
    .filter(Boolean)
    .join(" ");
}

/** "2 ahead and 1 behind of main"; empty where it is neither. */
export function driftWords(standing: Standing | null): string {
  if (standing === null || standing.against === null) return "";
  const { ahead, behind, against } = standing;
  const parts = [ahead > 0 ? `${ahead} ahead of` : "", behind > 0 ? `${behind} behind` : ""].filter(Boolean);
  return parts.length === 0 ? "" : `${parts.join(" and ")} ${oneLine(against, MAX_NAME_LENGTH)}`;
}

export function dirtyWords(standing: Standing | null): string {
  if (standing === null || standing.dirty === 0) return "";
  return standing.dirty === 1 ? "1 change" : `${standing.dirty} changes`;
}

const statusWords: Record<WorktreeStatus, string> = {
  seen: "",
  adding: "being added",
  ready: "",
  removing: "being removed",
  broken: "broken",
};

function brokenInShort({ status, operation }: Worktree): string {
  if (status !== "broken" || operation === null) return statusWords[status];
  const what = operationWords(operation);
  return `broken: ${what.charAt(0).toLowerCase()}${what.slice(1)}`;
}

/** What happened to a broken one; null where all is well. */
export function brokenWords(worktree: Worktree): string | null {
  const { status, operation } = worktree;
  if (status !== "broken") return null;
  return operation === null ? "It is half made." : failedWords(operation, worktree.name);
}
