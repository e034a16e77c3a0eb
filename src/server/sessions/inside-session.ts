import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import { familyOf, processTree } from "../process-tree.ts";

interface Connection {
  readonly localPort: number;
  readonly remotePort: number;
}

/**
 * Keeps an agent from answering for the person, itself or its siblings: it can read the token, so the process at the other end of
 * the connection is looked for. It is inside a session when it descends from one's process, or has its environment. One that hung
 * up without waiting for our answer shows nothing of itself, and gets none. Where the system does not tell (all but Linux)
 * everybody passes.
 * @throws {TallyError} `inside-session`
 */
export function refuseFromInside(connection: Connection, liveSessions: readonly Session[]): void {
  if (process.platform !== "linux") return;
  const inode = inodeOfOtherEnd(connection);
  if (inode === null) throw insideSession("The gateway cannot see who asks this, and takes no answer from it.");
  const tree = processTree();
  const holders = new Set([...tree.values()].flat().filter((pid) => holds(pid, inode)));
  for (const session of liveSessions) {
    const members = session.pid === null ? [] : familyOf(session.pid, tree);
    if (members.some((pid) => holders.has(pid)) || [...holders].some((pid) => hasEnvironmentOf(pid, session))) {
      throw insideSession(`This runs inside session ${session.id}: an agent cannot answer for you.`);
    }
  }
}

function insideSession(what: string): TallyError {
  return new TallyError("inside-session", `${what} Answer in a terminal of your own or in the editor.`);
}

/** See proc_net_tcp(5): the row in which the other end is the local one, and its inode. Null when that end was closed. */
function inodeOfOtherEnd({ localPort, remotePort }: Connection): string | null {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, "0");
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const row of readOr(table, "").split("\n")) {
      const [, local, remote, , , , , , , inode = "0"] = row.trim().split(/\s+/);
      if (!local?.endsWith(`:${hex(remotePort)}`) || !remote?.endsWith(`:${hex(localPort)}`)) continue;
      return inode === "0" ? null : inode;
    }
  }
  return null;
}

/** One that detached from its session still has the environment that it was started with. */
function hasEnvironmentOf(pid: number, { id }: Session): boolean {
  return readOr(`/proc/${pid}/environ`, "").split("\0").includes(`TALLY_SESSION_ID=${id}`);
}

function holds(pid: number, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
  } catch {
    // It has ended meanwhile, or is not ours to look into.
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Closed meanwhile.
    return "";
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It has ended meanwhile, or there is no such table here.
    return otherwise;
  }
}
