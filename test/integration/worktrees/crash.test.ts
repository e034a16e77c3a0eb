import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, type FileHandle, mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { StepId } from "../../../src/protocol/worktrees.ts";
import { git } from "../../support/repositories.ts";
import { untilAnswers } from "../../support/sample-repository.ts";
import { type WorktreeRig, worktreeRig } from "../../support/worktree-rig.ts";

const run = promisify(execFile);

describe("a gateway that is killed while a worktree is", () => {
  let rig: WorktreeRig;
  beforeEach(async () => {
    rig = await worktreeRig();
  });
  afterEach(() => rig.dispose());

  /** A file that whoever reads it is held by, until the test closes it. */
  async function fifo(): Promise<string> {
    const path = join(rig.shop.parent, "hold.log");
    await run("mkfifo", [path]);
    return path;
  }

  /** What nobody else has. */
  const notes = () => readFile(rig.path("notes.txt"), "utf8");
  const NOTES = "nobody else has these\n";

  describe("added,", () => {
    /** Kills the gateway while git runs a hook, all files written. What is left of git ends by itself then. */
    async function crashAtHook(): Promise<void> {
      const hold = await fifo();
      const hook = join(rig.shop.path, ".git", "hooks", "post-checkout");
      await mkdir(join(hook, ".."), { recursive: true });
      await writeFile(hook, `#!/bin/sh\nread -r _ < '${hold}'\n`);
      await chmod(hook, 0o755);
      await rig.add();
      const held = await open(hold, "w");
      await rig.gateway.crash();
      await rm(hook);
      await held.close();
    }

    /** Kills the gateway while a setup command runs, which goes on in its terminal. When it is run again it goes through. */
    async function crashAtSetup(): Promise<FileHandle> {
      const hold = await fifo();
      const held = join(rig.shop.parent, "held.log");
      const wait = `[ -e '${held}' ] || { : > '${held}'; read -r _ < '${hold}'; }`;
      await rig.shop.setTallyJson({ setup: [wait, { run: "python3 manage.py migrate", cwd: "backend" }] });
      await rig.touched();
      await rig.add();
      const running = await open(hold, "w");
      await rig.gateway.crash();
      return running;
    }

    /** Finishes what is broken, or begins again where nothing is left. */
    async function finish(): Promise<void> {
      const left = await rig.afterRestart();
      if (left === null) await rig.added();
      else if (left.status === "broken") await rig.tally("repair", rig.name, "--finish");
      await rig.assertWhole();
    }

    const undo = async () => {
      const left = await rig.afterRestart();
      if (left !== null) await rig.tally("repair", rig.name, "--undo");
      await rig.assertNothingIsLeft();
    };

    describe("in the middle of a checkout,", () => {
      beforeEach(crashAtHook);
      it("leaves nothing, or what Repair finishes", finish);
      it("leaves nothing, or what Repair undoes", undo);
    });

    describe("in the middle of a setup command,", () => {
      let running: FileHandle;
      beforeEach(async () => {
        running = await crashAtSetup();
      });
      afterEach(() => running.close());
      it("leaves what Repair finishes", finish);
      it("leaves what Repair undoes", undo);
    });

    const steps: readonly StepId[] = ["ports", "checkout", "copy", "link", "permissions", "processes", "agent"];
    for (const step of steps) {
      describe(`at its step "${step}",`, () => {
        beforeEach(() => rig.crashAt("add", step, () => rig.add()));

        it("leaves nothing, or what Repair finishes", finish);
        it("leaves nothing, or what Repair undoes", undo);
      });
    }

    it("starts no second agent where the first was started already", async () => {
      await rig.crashOnce(
        ({ sessions }) => sessions.size > 0,
        () => rig.add(),
      );
      await finish();
    });

    it("leaves it whole when all was done", async () => {
      await rig.crashOnce(
        ({ worktrees }) => [...worktrees.values()].some(({ operation }) => operation?.state === "done"),
        () => rig.add(),
      );
      await finish();
    });
  });

  describe("removed,", () => {
    beforeEach(async () => {
      await rig.added();
      await writeFile(rig.path("notes.txt"), NOTES);
      await git(rig.path(), "add", "notes.txt");
    });

    const remove = () => {
      const { id } = rig.row() ?? assert.fail("it is gone already");
      return rig.gateway.client.call("removeWorktree", { id, body: { force: true, env: rig.gateway.env } });
    };

    const steps: readonly StepId[] = ["end", "teardown", "snapshot", "delete", "branch"];
    for (const step of steps) {
      describe(`at its step "${step}"`, () => {
        beforeEach(() => rig.crashAt("remove", step, remove));

        it("leaves what Repair finishes, and the snapshot brings all of it back", async () => {
          const left = await rig.afterRestart();
          if (left !== null) await rig.tally("repair", rig.name, "--finish");
          await rig.assertNothingIsLeft();
          await rig.tally("restore", rig.name);
          assert.equal(await notes(), NOTES);
          assert.equal(await git(rig.path(), "status", "--porcelain"), "A  notes.txt");
        });

        it("leaves what Repair takes back, with all that was in it", async () => {
          const left = await rig.afterRestart();
          await (left === null ? rig.tally("restore", rig.name) : rig.tally("repair", rig.name, "--undo"));
          assert.equal(await notes(), NOTES);
          assert.equal(await git(rig.path(), "status", "--porcelain"), "A  notes.txt");
          assert.equal(await readFile(rig.path("backend/.env"), "utf8"), "SECRET_KEY=made-up-backend\n");
          await rig.tally("resume", rig.name);
          assert.equal((await untilAnswers(rig.shop.bases.backend)).cwd, rig.path("backend"));
        });
      });
    }
  });

  describe("restored,", () => {
    beforeEach(async () => {
      await rig.added(null);
      await writeFile(rig.path("notes.txt"), NOTES);
      await rig.tally("remove", rig.name, "--force");
    });

    const restore = () => {
      const body = { cwd: rig.shop.path, ref: rig.name, env: rig.gateway.env };
      return rig.gateway.client.call("restoreWorktree", { body });
    };

    const steps: readonly StepId[] = ["ports", "restore"];
    for (const step of steps) {
      describe(`at its step "${step}"`, () => {
        beforeEach(() => rig.crashAt("restore", step, restore));

        it("leaves nothing, or what Repair finishes", async () => {
          const left = await rig.afterRestart();
          if (left === null) await rig.tally("restore", rig.name);
          else if (left.status === "broken") await rig.tally("repair", rig.name, "--finish");
          assert.equal((await rig.tally.worktree(rig.name)).status, "ready");
          assert.equal(await notes(), NOTES);
          assert.equal(await git(rig.path(), "status", "--porcelain"), "?? notes.txt");
        });

        it("leaves nothing, or what Repair undoes, and the snapshot is still there", async () => {
          const left = await rig.afterRestart();
          if (left?.status === "broken") {
            await rig.tally("repair", rig.name, "--undo");
            await rig.assertNothingIsLeft();
            await rig.tally("restore", rig.name);
          }
          assert.equal(await notes(), NOTES);
        });
      });
    }
  });
});
