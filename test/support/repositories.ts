import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

// Git that the code under test runs in this process is as little the developer's own.
process.env["GIT_CONFIG_GLOBAL"] = "/dev/null";
process.env["GIT_CONFIG_NOSYSTEM"] = "1";

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
  const { stdout } = await run("git", ["-c", "init.defaultBranch=main", "-c", "gc.auto=0", ...args], { cwd, env });
  return stdout.trim();
}

/** A folder that is removed at the end. */
export async function tempFolder(name = "folder"): Promise<{ path: string; dispose(): Promise<void> }> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "tally-")));
  const path = join(parent, name);
  await mkdir(path, { recursive: true });
  return { path, dispose: () => rm(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }) };
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

/** Commits so many small files, a hundred in each folder; git packs them, as it would those of a clone. */
export async function manyFiles(path: string, count: number): Promise<void> {
  const file = (n: number) => {
    const text = `${n}\n`.repeat(20);
    return `M 644 inline many/${Math.floor(n / 100) * 100}/${n}.txt\ndata ${text.length}\n${text}\n`;
  };
  const branch = await git(path, "symbolic-ref", "HEAD");
  const commit = `commit ${branch}\ncommitter Test <test@example.com> now\ndata 4\nMany\nfrom ${branch}^0\n`;
  const files = Array.from({ length: count }, (_, n) => file(n)).join("");
  const importing = run("git", ["fast-import", "--quiet", "--date-format=now"], { cwd: path });
  importing.child.stdin?.end(commit + files);
  await importing;
  await git(path, "reset", "-q", "--hard");
}

/** A bare repository with one commit. */
export async function bareRepo(name = "bare.git"): Promise<{ path: string; parent: string; dispose(): Promise<void> }> {
  const source = await tempRepo("source");
  const folder = await tempFolder(name);
  await git(folder.path, "clone", "-q", "--bare", source.path, ".");
  await source.dispose();
  return { ...folder, parent: join(folder.path, "..") };
}

/** Adds another repository as a submodule at `vendor/library`, initialised here, and gone from where it came. */
export async function withSubmodule(path: string): Promise<void> {
  const library = await tempRepo("library");
  const allow = ["-c", "protocol.file.allow=always"];
  await git(path, ...allow, "submodule", "--quiet", "add", library.path, "vendor/library");
  await git(path, "commit", "-qm", "A submodule");
  await library.dispose();
}

/** A script of the repository's that git runs. */
export async function hook(path: string, name: string, script: string): Promise<void> {
  await mkdir(join(path, ".git/hooks"), { recursive: true });
  await writeFile(join(path, ".git/hooks", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}
