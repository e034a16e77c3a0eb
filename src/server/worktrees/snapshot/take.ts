import { lstat, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { TallyError } from "../../../protocol/errors.ts";
import type { SnapshotInfo } from "../../../protocol/worktrees.ts";
import { countFiles } from "./count-files.ts";
import { keptBranch, keptObjects, namesInAdmin } from "./kept-commits.ts";
import { keptIndex } from "./kept-index.ts";
import { leftOutOf } from "./left-out.ts";
import { MadeReadable } from "./make-readable.ts";
import { commitMessage, type Entry, type KeptBranch, type Label, type Manifest, manifestJson } from "./manifest.ts";
import {
  commitOf,
  gitText,
  type PlainGit,
  plainGit,
  throwIfCancelled,
  type TreeEntry,
  writeBlobTree,
  writeTrees,
} from "./object-store.ts";
import { nameOf, type Raw, textOf } from "./raw-path.ts";
import { findSnapshot } from "./snapshots.ts";
import { type Walked, walk } from "./walk.ts";
import { writeBlobs } from "./write-blobs.ts";

export interface TakeSnapshot {
  readonly commonDir: string;
  /** Git's folder of the worktree: `<commonDir>/worktrees/<id>`. */
  readonly adminDir: string;
  /** Where the files are now: the worktree has been renamed. It may be gone: then what git knows of it is kept. */
  readonly folder: string;
  /** As it was; `path` is where it is to be again. */
  readonly worktree: { readonly name: string; readonly path: string; readonly branch: string | null };
  /** Of `snapshotRef`. A snapshot of the same worktree that is there already is replaced: the removal was cut off after it. */
  readonly ref: string;
  /** Kept with it, and given back: ports, ids of sessions, the recipe. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
  /** How far it is: "1,204 of 20,000 files". */
  readonly onProgress?: ((detail: string) => void) | undefined;
}

/**
 * Keeps all that is in a worktree, and all that git knows of it alone, as one commit under `ref`. Nothing in the repository is
 * changed but for that, and none of its hooks is run.
 *
 * The commit's tree holds a manifest, and every file's contents under a name that says nothing. Its parents, and the trees of the
 * index, keep everything from git's garbage collection that the worktree alone kept from it.
 * @throws {TallyError} `cancelled`, `folder-unreadable`, `git-failed`; then there is no snapshot
 */
export async function takeSnapshot(options: TakeSnapshot): Promise<SnapshotInfo> {
  const readable = new MadeReadable();
  try {
    return await take(options, readable);
  } finally {
    await readable.putBack();
  }
}

async function take(options: TakeSnapshot, readable: MadeReadable): Promise<SnapshotInfo> {
  const { commonDir, adminDir, folder, worktree, ref, extra, signal, onProgress } = options;
  const git = plainGit(commonDir, signal);
  const inFolder = await walkFolder(options, readable);
  const inAdmin = await walk(adminDir, { readable, signal, skip: isNotKept });
  if (inAdmin.found.length === 0) {
    throw new TallyError(
      "git-failed",
      `${adminDir} is gone: git knows nothing of ${worktree.path} any more. Nothing was removed.`,
    );
  }

  const kept = await keptOfGit(options, inAdmin);
  const tell = countFiles(
    [...inFolder.found, ...inAdmin.found].filter(({ type }) => type === "file").length,
    onProgress,
  );
  const inFolderKept = await writeBlobs(git, folder, inFolder.found, { signal, onFiles: tell });
  const inAdminKept = await writeBlobs(git, adminDir, inAdmin.found, { signal, onFiles: tell });
  throwIfCancelled(signal);

  const manifest: Manifest = {
    version: 1,
    extra: { ...extra },
    places: { path: worktree.path, commonDir, adminId: basename(adminDir) },
    pointers: { gitFile: await rawFile(join(folder, ".git")), gitdir: await rawFile(join(adminDir, "gitdir")) },
    head: kept.head,
    headBranch: kept.headBranch,
    branches: kept.branches,
    folder: inFolderKept,
    admin: inAdminKept,
  };
  const tree = await writeTree(git, manifest, kept);
  const files = inFolderKept.filter((entry) => entry.type === "file");
  const label: Label = {
    name: worktree.name,
    branch: worktree.branch,
    head: kept.head ?? "0".repeat(tree.length),
    path: worktree.path,
    takenAt: Date.now(),
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    leftOut: inFolder.leftOut.map(textOf),
  };
  const commit = await writeCommit(git, tree, kept.commits, label);
  await setRef(commonDir, git, ref, commit, worktree.path);
  return { ref, ...label };
}

/** The pointer to git's folder is written anew when it is restored; what git ignores and a command makes again is left out. */
async function walkFolder({ adminDir, folder, signal }: TakeSnapshot, readable: MadeReadable): Promise<Walked> {
  if (!(await isFolder(folder))) return { found: [], leftOut: [] };
  const skip = (path: Raw, isFolder: boolean) => path === ".git" && !isFolder;
  const leaveOut = await leftOutOf(folder, plainGit(adminDir, signal, folder));
  return walk(folder, { readable, signal, skip, leaveOut });
}

/** Locks are of whoever holds them; the two pointers are written anew. */
function isNotKept(path: Raw, isFolder: boolean): boolean {
  return !isFolder && (path === "gitdir" || path === "commondir" || nameOf(path).endsWith(".lock"));
}

interface KeptOfGit {
  readonly head: string | null;
  readonly headBranch: string | null;
  readonly branches: KeptBranch[];
  readonly commits: readonly string[];
  readonly blobs: readonly string[];
  readonly trees: readonly string[];
}

/** What has to be kept besides files: commits, branches, and what is staged. */
async function keptOfGit(options: TakeSnapshot, { found }: Walked): Promise<KeptOfGit> {
  const { commonDir, adminDir, folder, worktree, signal } = options;
  const git = plainGit(commonDir, signal);
  const own = plainGit(adminDir, signal, (await isFolder(folder)) ? folder : undefined);
  const head = await commitOf(plainGit(adminDir, signal), "HEAD");
  const headBranch = await branchOfHead(adminDir, signal);
  const wanted = new Set([headBranch, worktree.branch, await branchUnderWay(adminDir)].filter((name) => name !== null));
  const branches: KeptBranch[] = [];
  for (const name of wanted) {
    const branch = await keptBranch(git, commonDir, name);
    if (branch) branches.push(branch);
  }
  const names = await namesInAdmin(adminDir, found);
  for (const { log } of branches) for (const [id] of (log ?? "").matchAll(/\b[0-9a-f]{40,64}\b/g)) names.add(id);
  const first = [...new Set([head, ...branches.map(({ tip }) => tip)].filter((id) => id !== null))];
  const { commits, others } = await keptObjects(git, first, names);
  const index = await keptIndex(own, adminDir);
  const ids = (kind: string) => others.filter((each) => each.kind === kind).map(({ id }) => id);
  return {
    head,
    headBranch,
    branches,
    commits,
    blobs: [...index.blobs, ...ids("blob")],
    trees: [...new Set([...(index.tree === null ? [] : [index.tree]), ...ids("tree")])],
  };
}

async function writeTree(git: PlainGit, manifest: Manifest, kept: KeptOfGit): Promise<string> {
  const blobsOf = (entries: readonly Entry[]) =>
    entries.flatMap((entry) => (entry.type === "file" ? [entry.blob] : []));
  const blobs = new Set([...blobsOf(manifest.folder), ...blobsOf(manifest.admin), ...kept.blobs]);
  const object = await gitText(git, ["hash-object", "-w", "--stdin"], { input: manifestJson(manifest) });
  const top: TreeEntry[] = [{ mode: "100644", object, name: "manifest.json" }];
  if (blobs.size > 0) top.push({ mode: "040000", object: await writeBlobTree(git, blobs), name: "blobs" });
  const trees = kept.trees.map((id): TreeEntry => ({ mode: "040000", object: id, name: id }));
  if (trees.length > 0) top.push({ mode: "040000", object: (await writeTrees(git, [trees]))[0] ?? "", name: "trees" });
  return (await writeTrees(git, [top]))[0] ?? "";
}

/** Not `git commit-tree`: a reflog can name more commits than a command line holds. */
function writeCommit(git: PlainGit, tree: string, parents: readonly string[], label: Label): Promise<string> {
  const who = `Tally <tally@localhost> ${Math.floor(label.takenAt / 1_000)} +0000`;
  const lines = [`tree ${tree}`, ...parents.map((id) => `parent ${id}`), `author ${who}`, `committer ${who}`, ""];
  return gitText(git, ["hash-object", "-w", "-t", "commit", "--stdin"], {
    input: `${lines.join("\n")}\n${commitMessage(label)}`,
  });
}

/** The one moment from which on there is a snapshot. */
async function setRef(commonDir: string, git: PlainGit, ref: string, commit: string, path: string): Promise<void> {
  const present = await findSnapshot(commonDir, ref);
  if (present && present.info.path !== path) {
    throw new TallyError("git-failed", `${ref} is the snapshot of another worktree (${present.info.path}). Try again.`);
  }
  await git(["update-ref", "--no-deref", ref, commit, present?.commit ?? "0".repeat(commit.length)]);
}

async function branchOfHead(adminDir: string, signal: AbortSignal | undefined): Promise<string | null> {
  const answer = await plainGit(adminDir, signal)(["symbolic-ref", "--quiet", "HEAD"], { okCodes: [0, 1, 128] });
  return answer.code === 0 ? branchName(answer.stdout.toString("utf8")) : null;
}

/** The branch that a rebase has taken HEAD off, and will move. */
async function branchUnderWay(adminDir: string): Promise<string | null> {
  for (const name of ["rebase-merge", "rebase-apply"]) {
    const text = await readFile(join(adminDir, name, "head-name"), "utf8").catch(() => null);
    if (text !== null) return branchName(text);
  }
  return null;
}

function branchName(ref: string): string | null {
  return /^refs\/heads\/(.+)\n?$/.exec(ref)?.[1] ?? null;
}

function rawFile(path: string): Promise<Raw | null> {
  return readFile(path, "latin1").catch(() => null);
}

function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
