import { execFile } from "node:child_process";
import { readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";
import { statFields } from "../../protocol/proc-stat.ts";

const run = promisify(execFile);

/** What a shell would know of a program in a terminal. */
export interface Job {
  readonly isStopped: boolean;
  /** The process group in the foreground of its terminal. */
  readonly foregroundGroup: number;
  /** Its terminal edits lines and makes signals of keys, as a shell leaves it. */
  readonly isCooked: boolean;
}

/** Null when it cannot be told: the program has ended, or the system lacks the means. */
export async function lookAtJob(pid: number): Promise<Job | null> {
  try {
    const { state, foregroundGroup, tty } = process.platform === "linux" ? await fromProc(pid) : await fromPs(pid);
    return { isStopped: state === "T", foregroundGroup, isCooked: await isCooked(tty) };
  } catch {
    return null;
  }
}

interface Process {
  readonly state: string;
  readonly foregroundGroup: number;
  readonly tty: string;
}

async function fromProc(pid: number): Promise<Process> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1");
  const [state = "", , , , , foregroundGroup] = statFields(stat);
  return { state, foregroundGroup: Number(foregroundGroup), tty: await readlink(`/proc/${pid}/fd/0`) };
}

async function fromPs(pid: number): Promise<Process> {
  const { stdout } = await run("ps", ["-o", "stat=,tpgid=,tty=", "-p", String(pid)]);
  const [stat = "", foregroundGroup, tty = ""] = stdout.trim().split(/\s+/);
  return { state: stat.charAt(0), foregroundGroup: Number(foregroundGroup), tty: `/dev/${tty}` };
}

async function isCooked(tty: string): Promise<boolean> {
  const { stdout } = await run("stty", [process.platform === "linux" ? "-F" : "-f", tty, "-a"]);
  return /(?<!-)\bicanon\b/.test(stdout);
}
