import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";

interface Connection {
  readonly localPort: number;
  readonly remotePort: number;
}

/**
 * Keeps an agent from answering for the person, itself or its siblings: it can read the token, so the other end of the
 * connection is looked for among the processes of live sessions. Where the system does not tell (all but Linux) everybody passes.
 * @throws {TallyError} `inside-session`
 */
export function refuseFromInside(connection: Connection, liveSessions: readonly Session[]): void {
  if (process.platform !== "linux") return;
  const inode = inodeOfOtherEnd(connection);
  if (inode === null) return;
  const children = childrenByParent();
  for (const session of liveSessions) {
    if (session.pid === null || !family(session.pid, children).some((pid) => holds(pid, inode))) continue;
    throw new TallyError(
      "inside-session",
      `This runs inside session ${session.id}: an agent cannot answer for you. Answer in a terminal of your own or in the editor.`,
    );
  }
}

/** See proc_net_tcp(5): the row in which the other end is the local one, and its inode. */
function inodeOfOtherEnd({ localPort, remotePort }: Connection): string | null {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, "0");
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const row of readOr(table, "").split("\n")) {
      const [, local, remote, , , , , , , inode] = row.trim().split(/\s+/);
      if (local?.endsWith(`:${hex(remotePort)}`) && remote?.endsWith(`:${hex(localPort)}`)) return inode ?? null;
    }
  }
  return null;
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readOr(`/proc/${name}/stat`, "");
    // The program's name in parentheses may hold anything.
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

/** A process and all that descend from it. */
function family(pid: number, children: ReadonlyMap<number, readonly number[]>): number[] {
  const members = [pid];
  for (const member of members) members.push(...(children.get(member) ?? []));
  return members;
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
