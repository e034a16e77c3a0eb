import { lstat, open, readdir } from "node:fs/promises";
import type { PlainGit } from "./object-store.ts";
import { rawItems } from "./object-store.ts";
import { bytePath, joinRaw, nameOf, parentOf, type Raw } from "./raw-path.ts";
import type { FolderRead } from "./walk.ts";

/** https://bford.info/cachedir/ */
const CACHE_SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55";

/** Folders of dependencies and caches, which a command makes again. */
const NAMES = new Set(["node_modules", "__pycache__"]);

/** Folders in which packages are, one level further down. */
const hasPackages = (name: Raw) => name.startsWith("@") || name === "src";

/** Decides which folders are not kept: those that git ignores wholly, that can be made again, and that hold no repository. */
export async function leftOutOf(root: string, git: PlainGit): Promise<(folder: FolderRead) => Promise<boolean>> {
  const command = ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"];
  const listing = await git(command, { okCodes: [0, 128] });
  // Where git cannot read the index, it does not know what it ignores: all is kept.
  const listed = listing.code === 0 ? rawItems(listing) : [];
  const ignored = new Set(listed.flatMap((path) => (path.endsWith("/") ? [path.slice(0, -1)] : [])));
  return async ({ path, names, isInRepository }) =>
    !isInRepository &&
    (await canBeMadeAgain(root, path, names)) &&
    isIn(ignored, path) &&
    !(await holdsRepository(root, path, names));
}

async function canBeMadeAgain(root: string, path: Raw, names: ReadonlySet<Raw>): Promise<boolean> {
  if (NAMES.has(nameOf(path)) || names.has("pyvenv.cfg")) return true;
  return names.has("CACHEDIR.TAG") && (await isCacheTag(bytePath(root, joinRaw(path, "CACHEDIR.TAG"))));
}

async function isCacheTag(place: Buffer): Promise<boolean> {
  if (!(await lstat(place)).isFile()) return false;
  const file = await open(place, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CACHE_SIGNATURE.length), 0, CACHE_SIGNATURE.length, 0);
    return buffer.toString("latin1", 0, bytesRead) === CACHE_SIGNATURE;
  } finally {
    await file.close();
  }
}

function isIn(folders: ReadonlySet<Raw>, path: Raw): boolean {
  for (let each = path; each !== ""; each = parentOf(each)) if (folders.has(each)) return true;
  return false;
}

/** Whether a package in it is a clone that somebody may have worked in: an editable install, a linked checkout. */
async function holdsRepository(root: string, path: Raw, names: ReadonlySet<Raw>): Promise<boolean> {
  for (const name of names) {
    const child = joinRaw(path, name);
    if (await isThere(bytePath(root, joinRaw(child, ".git")))) return true;
    if (hasPackages(name) && (await holdsRepository(root, child, await namesIn(bytePath(root, child))))) return true;
  }
  return false;
}

async function namesIn(place: Buffer): Promise<ReadonlySet<Raw>> {
  if (!(await lstat(place)).isDirectory()) return new Set();
  return new Set((await readdir(place, { encoding: "buffer" })).map((name) => name.toString("latin1")));
}

function isThere(place: Buffer): Promise<boolean> {
  return lstat(place).then(
    () => true,
    () => false,
  );
}
