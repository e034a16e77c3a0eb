import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { runGit } from "../git.ts";

/** What is in a repository, as far as a proposal needs it. Paths have `/` between their parts and begin in the repository. */
export interface RepositoryFacts {
  /** The repository's folder, its last part. */
  readonly name: string;
  readonly files: ReadonlySet<string>;
  /** Also those that are not looked into: `node_modules`. */
  readonly folders: ReadonlySet<string>;
  /** Of the files that say how a project is made. */
  readonly texts: ReadonlyMap<string, string>;
  /** Which of its files and folders git leaves out, among those that are asked for. What is not there yet ends in `/`. */
  readonly ignored: ReadonlySet<string>;
}

const MAX_DEPTH = 3;
const MAX_ENTRIES = 5_000;
const MAX_TEXT_BYTES = 256 * 1024;

/** Made by tools, or other people's. Any that begins with a dot is passed over too. */
const passedOver = new Set([
  "node_modules",
  "bower_components",
  "vendor",
  "third_party",
  "venv",
  "env",
  "__pycache__",
  "dist",
  "build",
  "out",
  "target",
  "coverage",
]);
const telling = /^(package\.json|pyproject\.toml|manage\.py|Cargo\.toml|(docker-)?compose\.ya?ml|\.yarnrc\.yml)$/;
/** Where a virtual environment of Python mostly is. */
export const VIRTUAL_ENVIRONMENT = ".venv";
const askedOfGit = /^(\.env(\..+)?|.*\.sqlite3?|\.venv|venv|env)$/;

/** Looks into a checkout, only so deep and so far. */
export async function repositoryFacts(folder: string, name: string): Promise<RepositoryFacts> {
  const files = new Set<string>();
  const folders = new Set<string>();
  let entries = 0;
  // Breadth first: what is near the root says most.
  let level = [""];
  for (let depth = 0; depth <= MAX_DEPTH && entries < MAX_ENTRIES; depth++) {
    const next: string[] = [];
    for (const place of level) {
      const inside = await readdir(join(folder, place), { withFileTypes: true }).catch(() => []);
      // Another repository in this one has a proposal of its own.
      if (place !== "" && inside.some((entry) => entry.name === ".git")) continue;
      for (const entry of inside.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        if (entries++ >= MAX_ENTRIES) break;
        const path = place === "" ? entry.name : `${place}/${entry.name}`;
        if (entry.isFile()) files.add(path);
        if (!entry.isDirectory()) continue;
        folders.add(path);
        if (!entry.name.startsWith(".") && !passedOver.has(entry.name)) next.push(path);
      }
    }
    level = next;
  }
  return {
    name,
    files,
    folders,
    texts: await textsOf(folder, files),
    ignored: await ignoredOf(folder, [...files, ...folders, ...environmentsToBe(files)]),
  };
}

async function textsOf(folder: string, files: ReadonlySet<string>): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const path of files) {
    if (!telling.test(baseName(path))) continue;
    const file = join(folder, path);
    const size = await stat(file).then(
      (found) => found.size,
      () => Infinity,
    );
    if (size <= MAX_TEXT_BYTES) texts.set(path, await readFile(file, "utf8").catch(() => ""));
  }
  return texts;
}

/** With a slash at the end git takes what is not there for a folder. */
function environmentsToBe(files: ReadonlySet<string>): string[] {
  const installed = [...files].filter((path) => baseName(path) === "requirements.txt");
  return installed.map((path) => `${inFolder(folderOf(path), VIRTUAL_ENVIRONMENT)}/`);
}

async function ignoredOf(folder: string, paths: readonly string[]): Promise<Set<string>> {
  const asked = paths.filter((path) => askedOfGit.test(baseName(path)) || path.endsWith("/"));
  if (asked.length === 0) return new Set();
  const answer = await runGit(["check-ignore", "-z", "--stdin"], {
    cwd: folder,
    input: asked.join("\0"),
    // 1: none of them is. 128: it is no repository, or one of them lies in another one.
    okCodes: [0, 1, 128],
  });
  return new Set(answer.stdout.toString("utf8").split("\0"));
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder that a path is in, `""` for the repository's own. */
export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

/** A path in a folder of the repository. */
export function inFolder(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** The files of one name, those nearer to the root first. */
export function filesNamed({ files }: RepositoryFacts, name: string | RegExp): string[] {
  const fits = (path: string) => (typeof name === "string" ? baseName(path) === name : name.test(baseName(path)));
  const depth = (path: string) => path.split("/").length;
  return [...files].filter(fits).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}
