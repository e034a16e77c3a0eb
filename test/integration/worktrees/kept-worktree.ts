import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, readdir, readFile, readlink, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { deleteTree } from "../../../src/server/worktrees/delete-tree.ts";
import { restoreSnapshot, type Restored } from "../../../src/server/worktrees/snapshot/restore.ts";
import { takeSnapshot } from "../../../src/server/worktrees/snapshot/take.ts";
import type { SnapshotInfo } from "../../../src/protocol/worktrees.ts";
import { tempRepo } from "../../support/repositories.ts";

const run = promisify(execFile);

const env = {
  PATH: process.env["PATH"] ?? "",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.com",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_LITERAL_PATHSPECS: "1",
  GIT_EDITOR: "true",
};

/** What git answers, byte for byte (latin1), whatever its exit code is. */
export async function ask(cwd: string, ...args: string[]): Promise<string> {
  const options = { cwd, env, encoding: "latin1" as const, maxBuffer: 64 * 1024 * 1024 };
  const command = [
    "-c",
    "protocol.file.allow=always",
    "-c",
    "core.quotePath=false",
    "-c",
    "diff.autoRefreshIndex=false",
    ...args,
  ];
  return run("git", command, options).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: unknown) => {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      return `failed: ${stdout}${stderr}`;
    },
  );
}

/** Hands git paths that no argument can hold. */
export async function askWithInput(cwd: string, input: Buffer, ...args: string[]): Promise<void> {
  const child = spawn("git", args, { cwd, env, stdio: ["pipe", "ignore", "ignore"] });
  child.stdin.on("error", () => undefined).end(input);
  await new Promise((resolve) => child.on("close", resolve));
}

export interface KeptWorktree {
  readonly repo: string;
  readonly commonDir: string;
  readonly path: string;
  readonly adminDir: string;
  readonly trash: string;
  /** A folder that nothing of ours may touch. */
  readonly outside: string;
  dispose(): Promise<void>;
}

export const REF = "refs/tally/snapshots/feature/20260102-030405";

/** A repository with a worktree `feature` beside it. */
export async function aCheckout(): Promise<KeptWorktree> {
  const temp = await tempRepo();
  const repo = temp.path;
  const parent = dirname(repo);
  const outside = join(parent, "outside");
  await mkdir(outside);
  await writeFile(join(outside, "file"), "outside\n");
  await chmod(join(outside, "file"), 0o444);
  await writeFile(join(repo, ".gitignore"), "*.log\nignored/\nnode_modules/\n");
  for (const name of ["one", "two", "three"]) await writeFile(join(repo, name), `${name}\n`.repeat(5));
  await ask(repo, "add", "-A");
  await ask(repo, "commit", "-qm", "Second");
  const path = join(parent, "feature");
  await ask(repo, "worktree", "add", "-q", "-b", "feature", path);
  const commonDir = join(repo, ".git");
  const adminDir = join(commonDir, "worktrees", "feature");
  return {
    repo,
    commonDir,
    path,
    adminDir,
    trash: join(parent, ".tally-removing-1"),
    outside,
    dispose: async () => {
      await deleteTree(parent);
      await temp.dispose();
    },
  };
}

export async function keep(
  worktree: KeptWorktree,
  more: { branch?: string | null; signal?: AbortSignal; onProgress?: () => void } = {},
): Promise<SnapshotInfo> {
  const { commonDir, adminDir, path, trash } = worktree;
  const { branch = "feature", signal, onProgress } = more;
  await rename(path, trash);
  return takeSnapshot({
    commonDir,
    adminDir,
    folder: trash,
    worktree: { name: "feature", path, branch },
    ref: REF,
    extra: { ports: [8000] },
    signal,
    onProgress,
  });
}

/** Removes what the snapshot is of, the branch too, and all that git would remove some day. */
export async function sweep({ repo, trash }: KeptWorktree): Promise<void> {
  await deleteTree(trash);
  await ask(repo, "worktree", "prune", "--expire", "now");
  await ask(repo, "branch", "-qD", "feature");
  await ask(repo, "gc", "-q", "--prune=now");
}

export function restore({ commonDir, path }: KeptWorktree): Promise<Restored> {
  return restoreSnapshot({ commonDir, ref: REF, path });
}

/** Every path of a folder, with its type, mode, time, and a hash of what is in it. The pointer to git's folder apart. */
export async function treeOf(root: string): Promise<Map<string, string>> {
  const tree = new Map<string, string>();
  async function look(place: Buffer, path: string): Promise<void> {
    const stats = await lstat(place);
    const mode = (stats.mode & 0o7777).toString(8);
    const time = Math.round(stats.mtimeMs);
    if (stats.isSymbolicLink()) {
      tree.set(path, `link ${(await readlink(place, { encoding: "buffer" })).toString("latin1")} ${time}`);
      return;
    }
    const isClosed = (stats.mode & 0o500) !== 0o500 && (stats.isDirectory() || stats.isFile());
    if (isClosed) await chmod(place, stats.mode | 0o500);
    if (stats.isFile())
      tree.set(
        path,
        `file ${mode} ${createHash("sha1")
          .update(await readFile(place))
          .digest("hex")} ${time}`,
      );
    if (stats.isDirectory()) {
      tree.set(path, `folder ${mode} ${time}`);
      for (const name of await readdir(place, { encoding: "buffer" })) {
        const child = path === "" ? name.toString("latin1") : `${path}/${name.toString("latin1")}`;
        if (child !== ".git" || path !== "") await look(Buffer.concat([place, Buffer.from("/"), name]), child);
      }
    }
    if (isClosed) await chmod(place, stats.mode & 0o7777);
  }
  await look(Buffer.from(root), "");
  return tree;
}

/** Git warns of a staged `.gitignore` that is a link once something refers to its tree; it is the person's, and whole. */
const LINKS_ARE_FINE = ["gitignoreSymlink", "gitattributesSymlink", "mailmapSymlink"].flatMap((message) => [
  "-c",
  `fsck.${message}=ignore`,
]);

/** What git says of a worktree: all that a person could notice a loss by. */
export async function gitViewOf({ path, repo, adminDir, commonDir }: KeptWorktree): Promise<Record<string, string>> {
  const index = await readFile(join(adminDir, "index")).catch(() => Buffer.alloc(0));
  return {
    status: await ask(path, "status", "--porcelain=v2", "--branch", "--ignored", "-uall", "-z"),
    staged: await ask(path, "ls-files", "--stage", "-z"),
    hidden: await ask(path, "ls-files", "-v", "-z"),
    index: createHash("sha1").update(index).digest("hex"),
    head: await readFile(join(adminDir, "HEAD"), "latin1"),
    commit: await ask(path, "rev-parse", "HEAD"),
    branch: await ask(repo, "rev-parse", "refs/heads/feature"),
    branchLog: await readFile(join(commonDir, "logs/refs/heads/feature"), "latin1").catch(() => ""),
    reflog: await ask(path, "reflog", "--format=%H %gs"),
    history: await ask(path, "log", "--format=%H", "HEAD", "feature"),
    reflogShown: await ask(path, "log", "-g", "--stat", "--format=%H"),
    stash: await ask(path, "stash", "list", "-p"),
    staging: await ask(path, "diff", "--cached", "--raw", "-p"),
    changes: await ask(path, "diff", "-p"),
    config: await ask(repo, "config", "--local", "--list"),
    fsck: await ask(repo, ...LINKS_ARE_FINE, "fsck", "--strict", "--no-dangling", "--no-progress"),
    worktrees: await ask(repo, "worktree", "list", "--porcelain"),
  };
}
