import { chmod, lstat, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { ask, askWithInput, type KeptWorktree } from "./kept-worktree.ts";

/** Names as bytes, one character for each: no encoding, and all that makes trouble in lists and command lines. */
const names = [
  "one",
  "two",
  "three",
  "four.log",
  "ignored/deep/five",
  "folder/six",
  "folder/sub/seven",
  "with space/a b ",
  "new\nline",
  "carriage\r",
  "tab\there",
  "quo\"te's",
  "back\\slash",
  "-dash",
  "--",
  "*",
  "bad\xff\xfename",
  "bad\xffolder/x",
  Buffer.from("üñí/🦊").toString("latin1"),
  ".hidden/.gitignore",
  "blobs/manifest.json",
];

const name = fc.constantFrom(...names);
const targets = ["../outside/file", "../outside", "nowhere", "loop", ".", "one", "bad\xfe"];

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("write" as const), name, size: fc.constantFrom(0, 1, 40, 5_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("large" as const), name }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("stage" as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("stageAll" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete" as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("rename" as const), name, to: name }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("mode" as const),
      name,
      mode: fc.constantFrom(0o755, 0o444, 0o600, 0o400, 0o000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("folder" as const),
      name,
      mode: fc.constantFrom(0o755, 0o700, 0o555, 0o000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("link" as const), name, target: fc.constantFrom(...targets) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("commit" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("amend" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reset" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("stash" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("detach" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("conflict" as const),
      how: fc.constantFrom("merge", "rebase", "cherry-pick"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("resolve" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("repository" as const), name, hasCommit: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("intend" as const), name }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("hide" as const),
      name: fc.constantFrom("one", "two"),
      how: fc.constantFrom("--assume-unchanged", "--skip-worktree"),
    }),
  },
);
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What a person and their agents may have done in a worktree. */
export const steps = fc.array(step, { minLength: 1, maxLength: 14 });

const bytes = (root: string, path: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, "latin1")]);

/** Does it; what cannot be done, such as writing into a file as if it were a folder, is left out. */
export async function perform(worktree: KeptWorktree, given: Step, count: number): Promise<void> {
  try {
    await act(worktree, given, count);
  } catch (error) {
    if (
      !/^(?:EEXIST|ENOENT|ENOTDIR|EISDIR|ERR_FS_EISDIR|EACCES|EPERM|ELOOP|ENOTEMPTY|EINVAL)$/.test(
        (error as NodeJS.ErrnoException).code ?? "",
      )
    )
      throw error;
  }
}

async function act(worktree: KeptWorktree, given: Step, count: number): Promise<void> {
  const { path } = worktree;
  switch (given.do) {
    case "write":
      return write(path, given.name, `${count}\n`.repeat(given.size));
    case "large":
      return write(path, given.name, Buffer.alloc(5 * 1024 * 1024, count));
    case "stage":
      return askWithInput(
        path,
        Buffer.from(given.name, "latin1"),
        "add",
        "-f",
        "--pathspec-from-file=-",
        "--pathspec-file-nul",
      );
    case "stageAll":
      await ask(path, "add", "-A");
      return;
    case "delete":
      return rm(bytes(path, given.name), { recursive: true });
    case "rename":
      await mkdir(parent(path, given.to), { recursive: true });
      return rename(bytes(path, given.name), bytes(path, given.to));
    case "mode":
      return chmodInside(path, given.name, given.mode);
    case "folder":
      await mkdir(bytes(path, given.name), { recursive: true });
      return chmodInside(path, given.name, given.mode);
    case "link":
      await mkdir(parent(path, given.name), { recursive: true });
      return symlink(Buffer.from(given.target, "latin1"), bytes(path, given.name));
    case "commit":
      await ask(path, "commit", "-q", "--allow-empty", "-m", `Commit ${count}`);
      return;
    case "amend":
      await ask(path, "commit", "-q", "--allow-empty", "--amend", "-m", `Amended ${count}`);
      return;
    case "reset":
      await ask(path, "reset", "-q", "--hard", "HEAD~1");
      return;
    case "stash":
      await ask(path, "stash", "push", "-u");
      return;
    case "detach":
      await ask(path, "checkout", "-q", "--detach");
      return;
    case "conflict":
      return conflict(worktree, given.how, count);
    case "resolve":
      await ask(path, "add", "one");
      return;
    case "repository":
      return repository(path, given.name, given.hasCommit);
    case "intend":
      return askWithInput(
        path,
        Buffer.from(given.name, "latin1"),
        "add",
        "-N",
        "-f",
        "--pathspec-from-file=-",
        "--pathspec-file-nul",
      );
    case "hide":
      await ask(path, "update-index", given.how, given.name);
      return;
  }
}

const parent = (root: string, path: string) => bytes(root, path.includes("/") ? dirname(path) : ".");

async function write(root: string, path: string, contents: string | Buffer): Promise<void> {
  await mkdir(parent(root, path), { recursive: true });
  await rm(bytes(root, path), { force: true });
  await writeFile(bytes(root, path), contents);
}

/** Never of what a link points to. */
async function chmodInside(root: string, path: string, mode: number): Promise<void> {
  if (!(await lstat(bytes(root, path))).isSymbolicLink()) await chmod(bytes(root, path), mode);
}

/** The main checkout and the worktree say different things of the same line. */
async function conflict({ repo, path }: KeptWorktree, how: string, count: number): Promise<void> {
  await writeFile(join(repo, "one"), `theirs ${count}\n`);
  await ask(repo, "commit", "-qam", `Theirs ${count}`);
  await rm(join(path, "one"), { force: true, recursive: true });
  await writeFile(join(path, "one"), `ours ${count}\n`);
  await ask(path, "commit", "-qam", `Ours ${count}`);
  await ask(path, how, "main");
}

/** A repository of its own, with work in it. */
async function repository(root: string, name: string, hasCommit: boolean): Promise<void> {
  const place = join(root, "nested");
  await mkdir(place, { recursive: true });
  await ask(place, "init", "-q");
  await write(place, name, "inner\n");
  if (!hasCommit) return;
  await ask(place, "add", "-A");
  await ask(place, "commit", "-qm", "Inner");
  await write(place, name, "inner, changed\n");
  await write(place, "node_modules/package/index.js", "a dependency\n");
}
