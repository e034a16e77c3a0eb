import type { Worktree } from "../../protocol/entities.ts";
import type { Operation, PortLease, Standing } from "../../protocol/worktrees.ts";
import type { Fact } from "../screen/session-facts.ts";
import { printable } from "../screen/width.ts";

/** `1 file`, `1,204 files`. */
export function countWords(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

/** How far it is from what it is counted against: `↑2 ↓1`. Empty when it is even. */
export function distanceWords({ ahead, behind }: Pick<Standing, "ahead" | "behind">): string {
  return [...(ahead > 0 ? [`↑${ahead}`] : []), ...(behind > 0 ? [`↓${behind}`] : [])].join(" ");
}

/** `backend 8000, frontend 5000`. */
export function portWords(ports: readonly PortLease[]): string {
  return ports.map(({ name, port }) => `${name} ${port}`).join(", ");
}

export function portUrl(port: number): string {
  return `http://localhost:${port}`;
}

/** Its branch, where that says more than its name does; null where it does not. */
export function branchBesideName({ name, branch }: Pick<Worktree, "name" | "branch">): string | null {
  if (branch === null) return "detached";
  return branch === name ? null : branch;
}

/** Where a worktree is, its branch and its ports. */
export function placeFacts({ path, branch, base, ports, standing, operation }: Worktree): Fact[] {
  const distance = standing === null ? "" : distanceWords(standing);
  const against = standing?.against ?? base;
  const origin = originWords(operation) ?? (against === null ? "" : `from ${shortIds(against)}`);
  const from = against === null || distance === "" ? origin : `${distance} of ${shortIds(against)}`;
  const onBranch = [branch ?? "detached", from].filter((words) => words !== "").join(", ");
  return [
    { name: "folder", value: path },
    { name: "branch", value: onBranch },
    ...ports.map(({ name, port }) => ({ name, value: portUrl(port) })),
  ];
}

/** Where its branch came from, as the step says that checked it out: a branch that was there began from nothing. */
function originWords(operation: Operation | null): string | null {
  const step = operation?.steps.find(({ id, state }) => id === "checkout" && state === "done");
  const words = /^Branch \S+, (.+?)\.(?:\s|$)/.exec(step?.detail ?? "")?.[1];
  return words === undefined ? null : shortIds(words);
}

/** Ids of commits as git shows them. */
function shortIds(words: string): string {
  return words.replace(/\b([0-9a-f]{10})(?:[0-9a-f]{30}|[0-9a-f]{54})\b/g, "$1");
}

/** What is being done to a worktree; null when nothing is. What was cancelled, or failed, is undone before it is over. */
export function underWayWords({ status, operation }: Pick<Worktree, "status" | "operation">): string | null {
  if (status !== "adding" && status !== "removing") return null;
  if (operation !== null && operation.state !== "running") return "is being undone";
  return status === "adding" ? "is being made" : "is being removed";
}

const SIZE_UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Two or three figures: `512 B`, `1.2 MB`, `45 GB`. */
export function sizeWords(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  // What would be shown as 1000 of a unit is one of the next.
  while (amount >= 999.5 && unit < SIZE_UNITS.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  const figures = unit > 0 && amount < 9.95 ? amount.toFixed(1) : amount.toFixed(0);
  return `${figures} ${SIZE_UNITS[unit] ?? ""}`;
}

/** Why a worktree is broken, in a few words: what was done to it, and at which step that failed. */
export function brokenWords({ operation }: Pick<Worktree, "operation">): string {
  const what = operation === null ? "what was done to it" : operationWords[operation.kind];
  if (operation?.state === "interrupted") return `${what} was interrupted`;
  const step = operation?.steps.find(({ state }) => state === "failed");
  return printable(`${what} failed${step ? ` at: ${step.label}` : ""}`);
}

const operationWords: Record<Operation["kind"], string> = {
  add: "making it",
  adopt: "adopting it",
  remove: "removing it",
  restore: "restoring it",
};
