import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { CheckoutPlace } from "../../../../src/server/agents/adapter.ts";
import { editState } from "../../../../src/server/agents/claude/edit-state.ts";
import { checkouts } from "../../../../src/server/agents/claude/permissions.ts";
import { tempFolder } from "../../../support/repositories.ts";
import { until } from "../../../support/until.ts";

describe("what the main checkout allows Claude Code", () => {
  let home: Awaited<ReturnType<typeof tempFolder>>;
  let main: string;
  let worktree: string;
  let stateFile: string;

  beforeEach(async () => {
    home = await tempFolder("home");
    main = join(home.path, "shop");
    worktree = join(home.path, "shop-payment");
    stateFile = join(home.path, ".claude.json");
    await mkdir(join(main, ".claude"), { recursive: true });
    await mkdir(worktree);
  });
  afterEach(() => home.dispose());

  const place = (fields: Partial<CheckoutPlace> = {}): CheckoutPlace => ({
    mainPath: main,
    path: worktree,
    env: { HOME: home.path },
    versionOf: () => Promise.resolve("2.1.329"),
    find: (program) => program,
    ...fields,
  });
  const older = { versionOf: () => Promise.resolve("2.1.197") };
  const trusted = { hasTrustDialogAccepted: true, allowedTools: ["Bash(npm test:*)"] };
  const write = (projects: object, more: object = {}) =>
    writeFile(stateFile, JSON.stringify({ ...more, projects }, null, 2));
  const state = async () => JSON.parse(await readFile(stateFile, "utf8")) as { projects: Record<string, unknown> };
  const ofWorktree = async () => (await state()).projects[worktree];
  const localSettings = (folder: string) => join(folder, ".claude", "settings.local.json");

  describe("holds in a new worktree", () => {
    it("with its trust, its tools, and the servers that were chosen", async () => {
      const chosen = { ...trusted, enabledMcpjsonServers: ["db"], disabledMcpjsonServers: ["web"] };
      await write({ [main]: { ...chosen, mcpServers: { secret: {} }, lastCost: 3 } });
      assert.deepEqual(await checkouts.carry(place()), []);
      assert.deepEqual(await ofWorktree(), chosen);
    });

    it("not when the main checkout is not trusted itself", async () => {
      await write({ [main]: { allowedTools: ["Bash"] }, [home.path]: { hasTrustDialogAccepted: true } });
      await writeFile(localSettings(main), "{}");
      assert.deepEqual(await checkouts.carry(place(older)), []);
      assert.equal(await ofWorktree(), undefined);
      assert.equal(existsSync(localSettings(worktree)), false);
    });

    it("beside what was allowed there already", async () => {
      await write({ [main]: trusted, [worktree]: { allowedTools: ["Read"], lastCost: 1 } });
      await checkouts.carry(place());
      assert.deepEqual(await ofWorktree(), { allowedTools: ["Read"], lastCost: 1, hasTrustDialogAccepted: true });
    });

    it("once: carried again it changes nothing", async () => {
      await write({ [main]: trusted });
      await checkouts.carry(place());
      const { ino } = await stat(stateFile);
      await checkouts.carry(place());
      assert.equal((await stat(stateFile)).ino, ino);
    });

    it("in the state of the config home that is set", async () => {
      const configHome = join(home.path, "work");
      await mkdir(configHome);
      await write({ [main]: trusted });
      await rename(stateFile, join(configHome, ".claude.json"));
      await checkouts.carry(place({ env: { HOME: home.path, CLAUDE_CONFIG_DIR: configHome } }));
      assert.match(await readFile(join(configHome, ".claude.json"), "utf8"), /shop-payment/);
    });

    it("is nothing where Claude Code has never been started", async () => {
      assert.deepEqual(await checkouts.carry(place(older)), []);
      assert.deepEqual(await readdir(home.path), ["shop", "shop-payment"]);
    });
  });

  describe("in its local settings", () => {
    beforeEach(async () => {
      await write({ [main]: trusted });
      await writeFile(localSettings(main), '{"permissions": {"allow": ["Bash"]}}');
    });

    it("is copied for a version that looks in the worktree only", async () => {
      await checkouts.carry(place(older));
      assert.equal(await readFile(localSettings(worktree), "utf8"), await readFile(localSettings(main), "utf8"));
    });

    it("is left to a version that looks in the main checkout too", async () => {
      await checkouts.carry(place());
      assert.equal(existsSync(localSettings(worktree)), false);
    });

    it("never replaces what the worktree has", async () => {
      await mkdir(join(worktree, ".claude"));
      await writeFile(localSettings(worktree), "{}");
      assert.deepEqual(await checkouts.carry(place(older)), []);
      assert.equal(await readFile(localSettings(worktree), "utf8"), "{}");
    });

    it("is not written through a link out of the worktree", async () => {
      const outside = join(home.path, "outside");
      await mkdir(outside);
      await symlink(outside, join(worktree, ".claude"));
      await checkouts.carry(place(older));
      assert.deepEqual(await readdir(outside), []);
    });
  });

  describe("is forgotten with the worktree", () => {
    it("wholly", async () => {
      await write({ [main]: trusted });
      const before = await readFile(stateFile, "utf8");
      await checkouts.carry(place());
      await checkouts.forget(place());
      assert.equal(await readFile(stateFile, "utf8"), before);
    });

    it("but for what came besides", async () => {
      await write({ [main]: trusted, [worktree]: { ...trusted, allowedTools: ["Edit"], lastCost: 2 } });
      await checkouts.forget(place());
      assert.deepEqual(await ofWorktree(), { allowedTools: ["Edit"], lastCost: 2 });
    });
  });

  describe("is written to Claude Code's state", () => {
    it("without touching another key, a number, the form or the mode", async () => {
      const rest = '  "big": 12345678901234567890,\n  "exact": 1.0,\n  "tiny": 1e-7,\n  "text": "ü \\n",';
      const text = `{\n${rest}\n  "projects": ${JSON.stringify({ [main]: { hasTrustDialogAccepted: true } })}\n}\n`;
      await writeFile(stateFile, text);
      await chmod(stateFile, 0o600);
      await checkouts.carry(place());
      const written = await readFile(stateFile, "utf8");
      assert.ok(written.startsWith(`{\n${rest}\n  "projects": {\n`) && written.endsWith("\n}\n"), written);
      assert.equal((await stat(stateFile)).mode & 0o777, 0o600);
    });

    it("through a link, which stays one", async () => {
      await write({ [main]: trusted });
      const target = join(main, "claude.json");
      await rename(stateFile, target);
      await symlink(target, stateFile);
      await checkouts.carry(place());
      assert.ok((await lstat(stateFile)).isSymbolicLink());
      assert.match(await readFile(target, "utf8"), /shop-payment/);
    });

    it("not at all when that is broken, which is told", async () => {
      await writeFile(stateFile, '{"projects": {');
      const problem = await editState(stateFile, (known) => ({ ...known, more: true }));
      assert.match(problem ?? "", /is not valid JSON, so it was left as it is\. Start claude once/);
      assert.equal(await readFile(stateFile, "utf8"), '{"projects": {');
    });

    it("past the lock of one that died, and leaves nothing beside it", async () => {
      await write({ [main]: trusted });
      await mkdir(`${stateFile}.lock`);
      await utimes(`${stateFile}.lock`, 1, 1);
      assert.deepEqual(await checkouts.carry(place()), []);
      assert.deepEqual(await readdir(home.path), [".claude.json", "shop", "shop-payment"]);
    });

    it("not while another one holds the lock", async () => {
      await write({ [main]: trusted });
      const before = await readFile(stateFile, "utf8");
      await mkdir(`${stateFile}.lock`);
      const carried = checkouts.carry(place());
      assert.equal(await readFile(stateFile, "utf8"), before);
      await rm(`${stateFile}.lock`, { recursive: true });
      assert.deepEqual(await carried, []);
      assert.deepEqual(await ofWorktree(), trusted);
    });

    it("again when one wrote over it that did not know of it", async () => {
      await write({ [main]: trusted });
      const before = await readFile(stateFile, "utf8");
      let looks = 0;
      const problem = await editState(stateFile, (known) => {
        // The second look is the one before it writes.
        if (++looks === 2) setImmediate(() => writeFileSync(stateFile, before));
        return known["more"] === true ? null : { ...known, more: true };
      });
      assert.equal(problem, null);
      assert.match(await readFile(stateFile, "utf8"), /"more": true/);
    });

    it("beside others that write all the time, and nobody's word is lost", async () => {
      await write({ [main]: trusted });
      const words = Array.from({ length: 100 }, (_, index) => `word-${index}`);
      const worktrees = Array.from({ length: 8 }, (_, index) => `${worktree}-${index}`);
      const others = words.map((word) => claudeWrites(stateFile, word));
      await Promise.all([...others, ...worktrees.map((path) => checkouts.carry(place({ path })))]);
      const { projects, ...rest } = await state();
      assert.deepEqual(Object.keys(rest).sort(), words.sort());
      assert.deepEqual(Object.keys(projects).sort(), [main, ...worktrees].sort());
    });
  });
});

/** As Claude Code does it: the lock beside the file, then read, change, replace. Others get their turn between the steps. */
async function claudeWrites(file: string, word: string): Promise<void> {
  const lock = `${file}.lock`;
  await until(() => {
    try {
      mkdirSync(lock);
      return true;
    } catch {
      return false;
    }
  }, "the lock to be free");
  const known = JSON.parse(await readFile(file, "utf8")) as object;
  await writeFile(`${file}.${word}`, JSON.stringify({ ...known, [word]: true }, null, 2));
  await rename(`${file}.${word}`, file);
  await rm(lock, { recursive: true });
}
