import { readdir, readFile, readlink } from "node:fs/promises";

export interface PortHolder {
  readonly pid: number;
  readonly name: string;
}

/** Who listens on a port, as far as the system tells: on Linux, of one's own programs. */
export async function portHolder(port: number): Promise<PortHolder | null> {
  if (process.platform !== "linux") return null;
  const sockets = new Set(await listeningSockets(port));
  if (sockets.size === 0) return null;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of pids) {
    if (!(await holdsOneOf(pid, sockets))) continue;
    const name = (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim();
    return { pid, name: name || "a program" };
  }
  return null;
}

/** See proc_net_tcp(5): state 0A listens; the last of the ten first columns is the socket's inode. */
async function listeningSockets(port: number): Promise<string[]> {
  const address = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((table) => readFile(table, "utf8").catch(() => "")),
  );
  return tables
    .flatMap((table) => table.split("\n"))
    .flatMap((row) => {
      const [, local, , state, , , , , , inode] = row.trim().split(/\s+/);
      return state === "0A" && local?.endsWith(address) && inode !== undefined ? [`socket:[${inode}]`] : [];
    });
}

async function holdsOneOf(pid: number, sockets: ReadonlySet<string>): Promise<boolean> {
  // It has ended meanwhile, or is not ours to look into.
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => "")));
  return links.some((link) => sockets.has(link));
}
