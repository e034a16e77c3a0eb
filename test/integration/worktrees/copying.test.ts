import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, lstat, mkdir, readdir, readFile, readlink, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { TallyError } from "../../../src/protocol/errors.ts";
import { copyFiles, filesToCopy } from "../../../src/server/worktrees/copying.ts";
import { git, tempRepo } from "../../support/repositories.ts";

const run = promisify(execFile);

describe("the ignored files that a new worktree gets", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  let to: string;
  beforeEach(async () => {
    repo = await tempRepo("my shöp 店");
    to = join(repo.parent, "my shöp 店-feature");
    await mkdir(to);
  });
  afterEach(() => repo.dispose());

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(repo.path, path)), { recursive: true });
      await writeFile(join(repo.path, path), content);
    }
  }

  describe("are found", () => {
    const environments = {
      ".gitignore": ".env\n.env.*\n!.env.example\nnode_modules/\n*.pem\nlocal/\n",
      ".env": "a",
      "backend/.env.local": "b",
      "only/ignored/ä b/.env": "c",
      ".env.example": "not ignored",
      "not.env": "untracked",
      "node_modules/left-pad/.env": "a package's own",
      "certificates/dev.pem": "d",
      "local/settings.json": "e",
      "local/deep/.env": "f",
    };

    it("as .env files in any folder that is not ignored as a whole, when nobody says", async () => {
      await write(environments);
      assert.deepEqual(await filesToCopy(repo.path, null), [".env", "backend/.env.local", "only/ignored/ä b/.env"]);
    });

    it("as .worktreeinclude says", async () => {
      await write({ ...environments, ".worktreeinclude": "# secrets\n\n*.pem\n/local/*\n!/local/deep/\nnot.env\r\n" });
      assert.deepEqual(await filesToCopy(repo.path, null), ["certificates/dev.pem", "local/settings.json"]);
    });

    it("as tally.json says, whatever .worktreeinclude says", async () => {
      await write({ ...environments, ".worktreeinclude": "*.pem\n" });
      assert.deepEqual(await filesToCopy(repo.path, ["/local/", ".env*", "!/.env"]), [
        "backend/.env.local",
        "local/deep/.env",
        "local/settings.json",
        "only/ignored/ä b/.env",
      ]);
    });

    it("nowhere when tally.json says so", async () => {
      await write(environments);
      assert.deepEqual(await filesToCopy(repo.path, []), []);
    });

    it("among dependencies only when they are named", async () => {
      await write(environments);
      assert.deepEqual(await filesToCopy(repo.path, ["node_modules"]), ["node_modules/left-pad/.env"]);
      assert.ok(!(await filesToCopy(repo.path, [".env"])).includes("node_modules/left-pad/.env"));
    });

    it("never among what is linked", async () => {
      await write(environments);
      const files = await filesToCopy(repo.path, ["*"], { exclude: ["local/", "./only/ignored", "node_modules"] });
      assert.deepEqual(files, [".env", "backend/.env.local", "certificates/dev.pem"]);
    });

    it("never as files that git tracks, nor as those that it does not ignore", async () => {
      await write(environments);
      await git(repo.path, "add", "-f", ".env");
      const files = await filesToCopy(repo.path, ["*"]);
      for (const path of [".env", ".env.example", "not.env", "README.md"]) assert.ok(!files.includes(path), path);
    });

    it("never in another worktree, a submodule or a repository of its own", async () => {
      await write({ ".gitignore": ".env\ntrees/\nvendor/\n" });
      await git(repo.path, "worktree", "add", "-q", "-b", "inner", join(repo.path, "trees/inner"));
      await git(repo.path, "worktree", "add", "-q", "-b", "seen", join(repo.path, "seen"));
      await git(repo.path, "init", "-q", join(repo.path, "vendor/lib"));
      await git(repo.path, "init", "-q", join(repo.path, "beside"));
      const source = join(repo.parent, "library");
      await git(repo.parent, "clone", "-q", repo.path, source);
      await git(repo.path, "-c", "protocol.file.allow=always", "submodule", "add", "-q", source, "sub");
      await write({
        "trees/inner/.env": "x",
        "seen/.env": "x",
        "vendor/lib/.env": "x",
        "vendor/own/.env": "mine",
        "beside/.env": "x",
        "sub/.env": "x",
      });
      assert.deepEqual(await filesToCopy(repo.path, ["*"]), ["vendor/own/.env"]);
      assert.deepEqual(await filesToCopy(repo.path, null), []);
    });

    it("not as Tally's own file", async () => {
      await write({ ".gitignore": ".tally-sessions\n", ".tally-sessions": "{}" });
      assert.deepEqual(await filesToCopy(repo.path, ["*"]), []);
    });

    it("until somebody cancels", async () => {
      await assert.rejects(filesToCopy(repo.path, ["*"], { signal: AbortSignal.abort() }), isError("cancelled", /./));
    });
  });

  describe("are copied", () => {
    const copy = (...files: string[]) => copyFiles({ from: repo.path, to, files });

    it("with their content, mode and time, into folders of the same mode", async () => {
      await write({ "a b/secrét/.env": "TOKEN=1", "run.sh": "#!/bin/sh\n" });
      await chmod(join(repo.path, "a b/secrét"), 0o700);
      await chmod(join(repo.path, "a b/secrét/.env"), 0o400);
      await chmod(join(repo.path, "run.sh"), 0o755);
      await utimes(join(repo.path, "run.sh"), 1_600_000_000, 1_600_000_000.25);

      assert.deepEqual(await copy("a b/secrét/.env", "run.sh"), { copied: 2, bytes: 17, kept: [] });

      assert.equal(await readFile(join(to, "a b/secrét/.env"), "utf8"), "TOKEN=1");
      assert.equal((await stat(join(to, "a b/secrét"))).mode & 0o777, 0o700);
      assert.equal((await stat(join(to, "a b/secrét/.env"))).mode & 0o777, 0o400);
      assert.equal((await stat(join(to, "run.sh"))).mode & 0o777, 0o755);
      assert.equal((await stat(join(to, "run.sh"))).mtimeMs, 1_600_000_000_250);
      assert.deepEqual((await readdir(to)).sort(), ["a b", "run.sh"]);
    });

    it("as links where they are links, wherever these lead", async () => {
      await symlink("../nowhere", join(repo.path, "dangling"));
      await symlink(repo.parent, join(repo.path, "folder"));
      await copy("dangling", "folder");
      assert.equal(await readlink(join(to, "dangling")), "../nowhere");
      assert.equal(await readlink(join(to, "folder")), repo.parent);
    });

    it("not over what is there already, which is told", async () => {
      await write({ ".env": "main's", "b/.env": "main's", "c/.env": "main's" });
      await writeFile(join(to, ".env"), "the worktree's");
      await writeFile(join(to, "b"), "a file in the way");
      await mkdir(join(to, "c/.env"), { recursive: true });
      assert.deepEqual(await copy("c/.env", ".env", "b/.env"), {
        copied: 0,
        bytes: 0,
        kept: [".env", "b/.env", "c/.env"],
      });
      assert.equal(await readFile(join(to, ".env"), "utf8"), "the worktree's");
    });

    it("never through a link that leads out of the worktree, but through one that stays in it", async () => {
      const outside = join(repo.parent, "outside");
      await mkdir(outside);
      await write({ "config/.env": "x", "deep/er/.env": "x", "alias/.env": "inside" });
      await symlink(outside, join(to, "config"));
      await symlink("..", join(to, "deep"));
      await mkdir(join(to, "real"));
      await symlink("real", join(to, "alias"));
      const { kept } = await copy("config/.env", "deep/er/.env", "alias/.env");
      assert.deepEqual(kept, ["config/.env", "deep/er/.env"]);
      assert.deepEqual(await readdir(outside), []);
      assert.equal(await readFile(join(to, "real/.env"), "utf8"), "inside");
    });

    it("the second time only where they are missing, also after one that was cut off", async () => {
      await write({ ".env": "x", "b/.env": "y" });
      await copy(".env");
      await mkdir(join(to, ".tally-copying"));
      await writeFile(join(to, ".tally-copying/0"), "half");
      assert.deepEqual(await copy(".env", "b/.env"), { copied: 1, bytes: 1, kept: [".env"] });
      assert.deepEqual((await readdir(to)).sort(), [".env", "b"]);
    });

    it("without those that have gone, and without what is no file", async () => {
      await run("mkfifo", [join(repo.path, "pipe")]);
      assert.deepEqual(await copy("gone", "gone/too", "pipe"), { copied: 0, bytes: 0, kept: [] });
    });

    it("so that one which may not be read is named", async () => {
      await write({ "b/.env": "x" });
      await chmod(join(repo.path, "b/.env"), 0);
      for (const folder of [repo.parent, to]) await chmod(folder, 0o777);
      await asAnyone(() => assert.rejects(copy("b/.env"), isError("folder-unreadable", /b\/\.env.*may not read/)));
      assert.deepEqual(await readdir(to), ["b"]);
    });

    it("until somebody cancels, and then none is half there", async () => {
      const files = Array.from({ length: 50 }, (_, index) => `data/${index}`);
      await write(Object.fromEntries(files.map((path) => [path, path.repeat(1_000)])));
      const cancel = new AbortController();
      const copying = copyFiles({
        from: repo.path,
        to,
        files,
        signal: cancel.signal,
        onProgress: ({ copied }) => {
          if (copied === 10) cancel.abort();
        },
      });
      await assert.rejects(copying, isError("cancelled", /./));
      const there = await readdir(join(to, "data"));
      assert.ok(there.length >= 10 && there.length < 50);
      for (const name of there) assert.equal((await lstat(join(to, "data", name))).size, `data/${name}`.length * 1_000);
      assert.deepEqual(await readdir(to), ["data"]);
    });
  });
});

/** Without the rights of the administrator, from whom nothing is kept. */
async function asAnyone(act: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65_534);
  try {
    await act();
  } finally {
    process.seteuid?.(0);
  }
}

function isError(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof TallyError && error.code === code && message.test(error.message);
}
