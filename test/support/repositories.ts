import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Git with an identity of its own, and without the configuration of whoever runs the tests. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = {
    PATH: process.env["PATH"] ?? "",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Test",
    GIT_AUTHOR_EMAIL: "test@example.com",
    GIT_COMMITTER_NAME: "Test",
    GIT_COMMITTER_EMAIL: "test@example.com",
  };
  const { stdout } = await run("git", ["-c", "init.defaultBranch=main", ...args], { cwd, env });
  return stdout.trim();
}

/** A folder that is removed at the end. */
export async function tempFolder(name = "folder"): Promise<{ path: string; dispose(): Promise<void> }> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "tally-")));
  const path = join(parent, name);
  await mkdir(path, { recursive: true });
  return { path, dispose: () => rm(parent, { recursive: true, force: true }) };
}

/** A git repository with one commit. */
export async function tempRepo(name = "repo"): Promise<{ path: string; parent: string; dispose(): Promise<void> }> {
  const folder = await tempFolder(name);
  await git(folder.path, "init", "-q");
  await writeFile(join(folder.path, "README.md"), "# A repository\n");
  await git(folder.path, "add", ".");
  await git(folder.path, "commit", "-qm", "First");
  return { ...folder, parent: join(folder.path, "..") };
}
