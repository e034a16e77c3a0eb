import { readFileSync } from "node:fs";
import { RUN_VARIABLE } from "../protocol/ptyhost.ts";
import { allProcesses, isStillThere, type ProcessStat, readStat, type SessionMember } from "./process-groups.ts";

/**
 * All that a program without a terminal has started and that still runs. Agents run their tools in sessions of their own, and what loses its
 * parent is adopted by the system; so these belong to it: who descends from a member, who shares a member's session, and who has in
 * its environment the variable that the program was given. Known where there is a /proc.
 */
export class ProcessFamily {
  readonly #rootPid: number;
  readonly #mark: string;
  #known: readonly SessionMember[];
  /** Processes that were seen not to have the variable. */
  readonly #unmarked = new Set<string>();

  /** @param rootPid leads a session of its own. @param runId the variable's value */
  constructor(rootPid: number, runId: string) {
    this.#rootPid = rootPid;
    this.#mark = `${RUN_VARIABLE}=${runId}`;
    const root = readStat(rootPid);
    this.#known = root ? [root] : [];
  }

  /** Remembers what the program leaves behind. To be called when it has just exited, while nobody else's session can have its number. */
  rootExited(): void {
    this.#look((process) => process.session === this.#rootPid);
  }

  /** The process groups of its members. */
  groups(): readonly number[] {
    return [...new Set(this.#look(() => false).map(({ group }) => group))];
  }

  #look(isMemberToo: (process: ProcessStat) => boolean): readonly ProcessStat[] {
    const own = readStat(process.pid);
    // Never the host itself, nor those that share a session with it.
    const others = allProcesses().filter(({ session, isZombie }) => session !== own?.session && !isZombie);
    const known = new Set(this.#known.filter(isStillThere).map(({ pid }) => pid));
    const members = others.filter((each) => known.has(each.pid) || isMemberToo(each) || this.#isMarked(each));
    const strangers = new Set(others);
    // The list grows as it is walked, so that their own children are looked for, too.
    for (const member of members) {
      strangers.delete(member);
      for (const other of strangers) {
        if (other.parent !== member.pid && other.session !== member.session) continue;
        strangers.delete(other);
        if (!members.includes(other)) members.push(other);
      }
    }
    this.#known = members;
    return members;
  }

  #isMarked({ pid, startedAt }: ProcessStat): boolean {
    const key = `${pid} ${startedAt}`;
    if (this.#unmarked.has(key)) return false;
    const environment = environmentOf(pid);
    const isMarked = environment.split("\0").includes(this.#mark);
    // One that is just being started has none yet.
    if (!isMarked && environment !== "") this.#unmarked.add(key);
    return isMarked;
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return ""; // somebody else's, or it has ended meanwhile
  }
}
