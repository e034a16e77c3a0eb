import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gatewayFileSchema, type TallyHome } from "../../src/protocol/home.ts";
import { ptyHostFileSchema } from "../../src/protocol/ptyhost.ts";
import { run } from "../progress.mjs";

/** True while the process runs. A zombie does not: in a container nothing may ever reap it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return process.platform !== "linux" || statFields(pid)?.state !== "Z";
}

/** `/proc/<pid>/stat` is "pid (name) state ppid ...", where the name may hold spaces and parentheses. */
function statFields(pid: number): { state: string; parent: number } | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  const [state, parent] = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  return state && parent ? { state, parent: Number(parent) } : undefined;
}

/** Pairs of pid and parent pid. Linux reads /proc, because slim containers have no `ps`. */
async function parents(): Promise<[pid: number, parent: number][]> {
  if (process.platform !== "linux") {
    const rows = (await run("ps", ["-A", "-o", "pid=,ppid="])).trim().split("\n");
    return rows.map((row) => row.trim().split(/\s+/).map(Number) as [number, number]);
  }
  return readdirSync("/proc")
    .map(Number)
    .filter(Number.isInteger)
    .flatMap((pid): [number, number][] => {
      const fields = statFields(pid);
      return fields ? [[pid, fields.parent]] : [];
    });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // The process, or the file of a daemon, has gone meanwhile.
  }
}

/** These processes and everything that descends from them. */
export async function processTree(roots: readonly number[]): Promise<number[]> {
  const pairs = await parents();
  const tree = new Set(roots);
  for (let size = 0; size !== tree.size;) {
    size = tree.size;
    for (const [pid, parent] of pairs) if (tree.has(parent)) tree.add(pid);
  }
  return [...tree];
}

/** Asks the trees of these processes to end, waits up to `graceMs`, and kills what is left. */
export async function endProcesses(roots: readonly number[], graceMs = 5_000): Promise<void> {
  const living = roots.filter(isAlive);
  if (living.length === 0) return;
  if (process.platform === "win32") {
    await Promise.all(
      living.map((pid) => run("taskkill.exe", ["/pid", String(pid), "/t", "/f"]).catch(() => "already gone")),
    );
    return;
  }
  const tree = await processTree(living);
  signalAll(tree, "SIGTERM");
  for (const deadline = Date.now() + graceMs; tree.some(isAlive) && Date.now() < deadline;) await delay(25);
  signalAll(tree, "SIGKILL");
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids.filter(isAlive)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended between the question and the signal.
    }
  }
}

/** Ends everything that this process has started, and what that has. */
export async function endDescendants(): Promise<void> {
  const children = (await parents()).filter(([, parent]) => parent === process.pid);
  await endProcesses(children.map(([pid]) => pid));
}

/** Ends the gateway and the pty hosts of one `$TALLY_HOME`, and with them the agents. */
export async function endDaemons(home: TallyHome): Promise<void> {
  const gateway = gatewayFileSchema.safeParse(readJson(home.gatewayFile));
  if (gateway.success) await endProcesses([gateway.data.pid]);
  const hosts = listFiles(home.ptyHosts)
    .map((file) => ptyHostFileSchema.safeParse(readJson(join(home.ptyHosts, file))))
    .flatMap((host) => (host.success ? [host.data.pid] : []));
  await endProcesses(hosts);
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return []; // No pty host was ever started here.
  }
}

function readJson(file: string): unknown {
  const text = readText(file);
  return text === undefined ? undefined : JSON.parse(text);
}
