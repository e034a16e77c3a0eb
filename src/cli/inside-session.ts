import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Session } from "../protocol/entities.ts";
import { TallyError } from "../protocol/errors.ts";
import { statFields } from "../protocol/proc-stat.ts";
import { isEnded } from "../protocol/states.ts";

/** The process that started another one; null when it is not known or there is none. */
export type ParentOf = (pid: number) => number | null;

/** All that a process descends from, nearest first. */
export function ancestorsOf(pid: number, parentOf: ParentOf): number[] {
  const ancestors: number[] = [];
  let parent = parentOf(pid);
  // A pid that comes again was given to another process while we looked.
  while (parent !== null && parent > 0 && parent !== pid && !ancestors.includes(parent)) {
    ancestors.push(parent);
    parent = parentOf(parent);
  }
  return ancestors;
}

/** The live session that a process runs in, by what it descends from: an agent can take a variable out of an environment. */
export function sessionAround(pid: number, sessions: readonly Session[], parentOf: ParentOf): Session | null {
  const line = new Set([pid, ...ancestorsOf(pid, parentOf)]);
  return sessions.find((session) => !isEnded(session) && session.pid !== null && line.has(session.pid)) ?? null;
}

interface Caller {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly parentOf: ParentOf;
  readonly sessions: () => Promise<readonly Session[]>;
  /** What only a person may do. */
  readonly deed: "answer" | "approve";
}

/**
 * Keeps an agent from answering or approving for the person, itself or its siblings. It stops accidents and simple tricks: a program with
 * the rights of the person could still detach from its session, or talk to the gateway by itself.
 * @throws {TallyError} `inside-session`
 */
export async function refuseInsideSession({ env, pid, parentOf, sessions, deed }: Caller): Promise<void> {
  const id = env["TALLY_SESSION_ID"] || sessionAround(pid, await sessions(), parentOf)?.id;
  if (!id) return;
  throw new TallyError(
    "inside-session",
    `This runs inside session ${id}: an agent cannot ${deed} for you. Do that in a terminal of your own or in the editor.`,
  );
}

/** How this system tells a process's parent. On Windows it does not, without a program that takes seconds to start. */
export function parentLookup(): ParentOf {
  switch (process.platform) {
    case "linux":
      return parentFromProc;
    case "win32":
      return () => null;
    default:
      return parentsFromPs();
  }
}

function parentFromProc(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(statFields(stat)[1]);
  } catch {
    // It has ended, or /proc hides the processes of others.
    return null;
  }
}

function parentsFromPs(): ParentOf {
  const lines = execFileSync("ps", ["-axo", "pid=,ppid="], { encoding: "utf8" }).split("\n");
  const parents = new Map(lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]));
  return (pid) => parents.get(pid) ?? null;
}
