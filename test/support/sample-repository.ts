import { createHash } from "node:crypto";
import { cp, lstat, mkdir, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { git, tempFolder } from "./repositories.ts";
import { untilDefined } from "./until.ts";

const fixture = join(import.meta.dirname, "..", "fixtures", "sample-repository");

/** Outside of the range that the system gives to outgoing connections, and far from what usually runs on a developer's machine. */
const BASES = { from: 20_000, to: 30_000 };

/** As many as test/integration.mocharc.json has jobs. */
const WORKERS = 2;

/** A span for each test process alone: what is free as two of them look, both would take. */
function ownBases(): typeof BASES {
  const span = (BASES.to - BASES.from) / WORKERS;
  const from = BASES.from + (Number(process.env["MOCHA_WORKER_ID"] ?? 0) % WORKERS) * span;
  return { from, to: from + span };
}

/** A shop with a Django backend and a Svelte frontend that stand-ins serve, and with all that git ignores in it. */
export interface SampleRepository extends AsyncDisposable {
  /** The main checkout. */
  readonly path: string;
  /** The folder that it is in, and its worktrees beside it. */
  readonly parent: string;
  /** Where its ports are looked for from. */
  readonly bases: { readonly backend: number; readonly frontend: number };
  /** What its teardown left, one worktree a line. */
  tornDown(): Promise<string[]>;
  /** Writes these keys of tally.json anew. Not committed. */
  setTallyJson(keys: Readonly<Record<string, unknown>>): Promise<void>;
}

/** @param worktrees how many there are going to be: so many ports in a row are free from each base on */
export async function sampleRepository({ worktrees = 3 } = {}): Promise<SampleRepository> {
  const folder = await tempFolder("shop");
  const { path } = folder;
  const parent = join(path, "..");
  await cp(fixture, path, { recursive: true });
  const backend = await freeInARow(worktrees);
  const bases = { backend, frontend: await freeInARow(worktrees, [backend, worktrees]) };
  const tallyJson = join(path, "tally.json");
  const setTallyJson = async (keys: Readonly<Record<string, unknown>>) => {
    const before = JSON.parse(await readFile(tallyJson, "utf8")) as Record<string, unknown>;
    await writeFile(tallyJson, `${JSON.stringify({ ...before, ...keys }, null, 2)}\n`);
  };
  await setTallyJson({ ports: bases });
  await git(path, "init", "-q");
  await git(path, "add", ".");
  await git(path, "commit", "-qm", "A shop");
  await writeIgnoredFiles(path);
  return {
    path,
    parent,
    bases,
    setTallyJson,
    tornDown: async () =>
      (await readFile(join(parent, "torn-down.log"), "utf8").catch(() => "")).split("\n").slice(0, -1),
    [Symbol.asyncDispose]: () => folder.dispose(),
  };
}

async function writeIgnoredFiles(path: string): Promise<void> {
  const greeting = join(path, "frontend", "node_modules", "greeting");
  await mkdir(greeting, { recursive: true });
  await writeFile(
    join(greeting, "package.json"),
    JSON.stringify({ name: "greeting", version: "1.0.0", type: "module", exports: "./index.js" }),
  );
  await writeFile(join(greeting, "index.js"), 'export const greeting = "Welcome to the shop";\n');
  await writeFile(join(path, "backend", ".env"), "SECRET_KEY=made-up-backend\n");
  await writeFile(join(path, "frontend", ".env"), "SECRET_KEY=made-up-frontend\n");
  await writeFile(join(path, "backend", "db.sqlite3"), "not a real database\n");
}

/** The first of so many ports in a row that are free, none of them within `taken`: a first port and how many. */
async function freeInARow(count: number, taken: readonly [number, number] = [0, 0]): Promise<number> {
  const [takenFrom, takenCount] = taken;
  const { from, to } = ownBases();
  return untilDefined(async () => {
    const first = from + Math.floor(Math.random() * (to - from - count));
    if (first < takenFrom + takenCount && takenFrom < first + count) return undefined;
    for (let port = first; port < first + count; port += 1) if (!(await isFree(port))) return undefined;
    return first;
  }, `${count} free ports in a row`);
}

/** Whether a server can listen there, on every address of this machine. */
export async function isFree(port: number): Promise<boolean> {
  for (const host of ["127.0.0.1", "::1", "0.0.0.0", "::"]) if (!(await canBind(port, host))) return false;
  return true;
}

function canBind(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "EADDRINUSE"));
    server.listen({ port, host }, () => server.close(() => resolve(true)));
  });
}

/** What a stand-in tells of what it was given. */
export interface Told {
  readonly server: "backend" | "frontend";
  readonly cwd: string;
  readonly secret: string;
  readonly [more: string]: unknown;
}

/** Asks the server on a port what it was given, once it answers. */
export function untilAnswers(port: number): Promise<Told> {
  return untilDefined(async () => {
    const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    return response?.ok ? ((await response.json()) as Told) : undefined;
  }, `an answer on port ${port}`);
}

/**
 * All that a checkout consists of, by path: files with their mode and content, links with where they lead; and of its git directory HEAD,
 * index, configuration, branches and what is excluded. Not the objects and not the snapshots, which may grow.
 */
export async function contentsOf(path: string): Promise<Record<string, string>> {
  const gitFiles = ["HEAD", "index", "config", "info/exclude", "packed-refs"].map((name) => `.git/${name}`);
  const files = [...(await everythingIn(path, "")), ...gitFiles, ...(await everythingIn(path, ".git/refs/heads"))];
  const contents: Record<string, string> = {};
  for (const file of files) contents[file] = await contentOf(join(path, file));
  return contents;
}

async function everythingIn(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => folder !== "" || name !== ".git")
      .map(async (entry) => {
        const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
        return entry.isDirectory() ? [path, ...(await everythingIn(root, path))] : [path];
      }),
  );
  return found.flat().sort();
}

async function contentOf(path: string): Promise<string> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return "nothing";
  if (stats.isSymbolicLink()) return `link to ${await readlink(path)}`;
  const mode = (stats.mode & 0o777).toString(8);
  if (stats.isDirectory()) return `folder ${mode}`;
  return `file ${mode} ${createHash("sha256")
    .update(await readFile(path))
    .digest("hex")}`;
}
