import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import { join, sep } from "node:path";

export interface Program {
  readonly name: string;
  readonly pid: number;
}

/** Who stands in a folder, or has something in it open, as far as Linux tells us. Elsewhere nobody is known. */
export async function whoUses(folder: string): Promise<Program[]> {
  const root = await realpath(folder).catch(() => folder);
  const isIn = (path: string) => path === root || path.startsWith(root + sep);
  const found: Program[] = [];
  for (const name of await readdir("/proc").catch(() => [])) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    if ((await placesOf(pid)).some(isIn)) found.push({ name: await nameOf(pid), pid });
  }
  return found;
}

/** Its working directory, and what it has open. Of another user's process nothing is told. */
async function placesOf(pid: number): Promise<string[]> {
  const open = join("/proc", String(pid), "fd");
  const links = [
    join("/proc", String(pid), "cwd"),
    ...(await readdir(open).catch(() => [])).map((fd) => join(open, fd)),
  ];
  return Promise.all(links.map((link) => readlink(link).catch(() => "")));
}

async function nameOf(pid: number): Promise<string> {
  const name = await readFile(join("/proc", String(pid), "comm"), "utf8").catch(() => "");
  return name.trim() || "a program";
}
