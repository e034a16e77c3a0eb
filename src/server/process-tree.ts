import { readdirSync, readFileSync } from "node:fs";
import { statFields } from "../protocol/proc-stat.ts";

/** The processes that run, by their parents. */
export type ProcessTree = ReadonlyMap<number, readonly number[]>;

/** Who descends from whom, just now. Empty where the system does not tell (all but Linux). */
export function processTree(): ProcessTree {
  const children = new Map<number, number[]>();
  for (const [pid, parent] of parents()) children.set(parent, [...(children.get(parent) ?? []), pid]);
  return children;
}

/** A process and all that descend from it. */
export function familyOf(pid: number, tree: ProcessTree): number[] {
  const members = [pid];
  for (const member of members) members.push(...(tree.get(member) ?? []));
  return members;
}

function parents(): [pid: number, parent: number][] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((name) => {
    const parent = /^\d+$/.test(name) ? parentOf(name) : null;
    return parent === null ? [] : [[Number(name), parent]];
  });
}

function parentOf(name: string): number | null {
  try {
    return Number(statFields(readFileSync(`/proc/${name}/stat`, "utf8"))[1]);
  } catch {
    // It ended while we looked.
    return null;
  }
}
