import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { promisify } from "node:util";
import { isAlive } from "../protocol/liveness.ts";
import { statFields } from "../protocol/proc-stat.ts";

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Since the system's start, in its own unit: a process id may be another's later, with its start it is not. */
  readonly startedAt: string;
  readonly group: number;
  readonly session: number;
  /** The group in the foreground of the process's terminal. */
  readonly foregroundGroup: number;
  /** It has ended, and waits for its parent to take notice. */
  readonly isZombie: boolean;
}

/**
 * The process groups that a signal to the program in a pty goes to: its own and the one in the foreground of its terminal. `everything`
 * adds all groups of its session, the stopped and background jobs of a shell. Where there is no /proc it is the program's own.
 */
export function processGroups(leaderPid: number, everything: boolean): readonly number[] {
  const leader = readStat(leaderPid);
  const groups = new Set([leaderPid]);
  // A program that starts no session of its own has none to end: its terminal's groups are all there are.
  if (leader && leader.foregroundGroup > 0 && leader.session === leaderPid) groups.add(leader.foregroundGroup);
  if (everything) {
    for (const process of allProcesses()) if (process.session === leaderPid) groups.add(process.group);
  }
  return [...groups];
}

export type SessionMember = Pick<ProcessStat, "pid" | "startedAt">;

/** What runs in the session of this leader, which may have ended. Known where there is a /proc. */
export function sessionMembers(leaderPid: number): readonly SessionMember[] {
  return allProcesses().filter(({ session, isZombie }) => session === leaderPid && !isZombie);
}

/** Whether it still runs: while one member of a session does, the session's number is nobody else's. */
export function isStillThere({ pid, startedAt }: SessionMember): boolean {
  return readStat(pid)?.startedAt === startedAt;
}

/** Those of `groups` in which a process still runs. Where there is no /proc, one that nobody has taken notice of counts as running. */
export function livingGroups(groups: readonly number[]): readonly number[] {
  if (process.platform !== "linux") return groups.filter((group) => isAlive(-group));
  const living = new Set(
    allProcesses()
      .filter(({ isZombie }) => !isZombie)
      .map(({ group }) => group),
  );
  return groups.filter((group) => living.has(group));
}

/** Whether a program's own group is the one in the foreground of its terminal. Null where that cannot be known. */
export async function isInForeground(pid: number): Promise<boolean | null> {
  const stat = process.platform === "darwin" ? await askPs(pid) : readStat(pid);
  return stat && stat.foregroundGroup > 0 ? stat.group === stat.foregroundGroup : null;
}

async function askPs(pid: number): Promise<Pick<ProcessStat, "group" | "foregroundGroup"> | null> {
  try {
    const { stdout } = await promisify(execFile)("/bin/ps", ["-o", "pgid=", "-o", "tpgid=", "-p", String(pid)]);
    const [group, foregroundGroup] = stdout.trim().split(/\s+/).map(Number);
    return group === undefined || foregroundGroup === undefined ? null : { group, foregroundGroup };
  } catch {
    return null; // it has ended meanwhile
  }
}

/** Empty where there is no /proc. */
export function allProcesses(): readonly ProcessStat[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readStat(Number(name)))
    .filter((stat) => stat !== null);
}

/** Null for a process that there is not, and where there is no /proc. */
export function readStat(pid: number): ProcessStat | null {
  if (process.platform !== "linux") return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = statFields(stat);
    const [state, parent, group, session, , foregroundGroup] = fields;
    return {
      pid,
      parent: Number(parent),
      // Field 22 of them all.
      startedAt: fields[19] ?? "",
      group: Number(group),
      session: Number(session),
      foregroundGroup: Number(foregroundGroup),
      isZombie: state === "Z",
    };
  } catch {
    return null; // it has ended meanwhile
  }
}
