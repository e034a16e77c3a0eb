import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckoutPlace } from "../../src/server/agents/adapter.ts";
import { checkouts } from "../../src/server/agents/claude/permissions.ts";
import {
  asksFirst,
  type ClaudeHome,
  claudeHome,
  claudeIsReady,
  claudeVersions,
  trustedFolders,
} from "../support/claude.ts";
import { says, usesTool } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { git } from "../support/repositories.ts";
import { openTerminal } from "../support/terminal.ts";
import { until } from "../support/until.ts";

const makesAFile = [
  usesTool("Bash", { command: "touch made-by-a-tool", description: "Make a file" }),
  says("All done"),
] as const;

for (const version of claudeVersions) {
  describe(`Claude Code ${version} in a new worktree of a repository that it trusts`, () => {
    it("asks neither for trust nor for what the main checkout allows", async () => {
      await using api = await startLoopbackApi({ answers: makesAFile });
      await using home = await claudeHome(version, api.url);
      const place = await newWorktree(home, version);
      assert.deepEqual(await checkouts.carry(place), []);

      using terminal = openTerminal({ file: home.claude, args: asksFirst(version), cwd: place.path, env: home.env });
      await terminal.screen.untilShows(claudeIsReady);
      terminal.type("make a file\r");
      await terminal.screen.untilShows("All done");
      assert.ok(existsSync(join(place.path, "made-by-a-tool")));
    });

    it("leaves its state as Claude Code can read it, while another one runs and writes it", async () => {
      await using api = await startLoopbackApi({ reply: "Hello from loopback" });
      await using home = await claudeHome(version, api.url);
      const place = await newWorktree(home, version);
      using terminal = openTerminal({ file: home.claude, args: [], cwd: place.mainPath, env: home.env });
      // While it starts it writes its state a dozen times.
      const startsSeen = until(async () => (await stateOf(home)).includes("numStartups"), "its first write");
      const places = Array.from({ length: 10 }, (_, index) => ({ ...place, path: `${place.path}-${index}` }));
      for (const each of places) await mkdir(each.path);
      const carried = await Promise.all(places.map((each) => checkouts.carry(each)));
      assert.deepEqual(carried.flat(), []);
      await startsSeen;
      await terminal.screen.untilShows(claudeIsReady);
      terminal.type("/exit\r");
      assert.equal((await terminal.exited).exitCode, 0);

      const { projects, numStartups } = JSON.parse(await stateOf(home)) as {
        projects: Record<string, unknown>;
        numStartups: number;
      };
      assert.equal(numStartups, 1);
      for (const { path } of places) {
        assert.deepEqual(projects[path], { hasTrustDialogAccepted: true }, path);
      }
      for (const each of places) await checkouts.forget(each);
      const left = JSON.parse(await stateOf(home)) as { projects: Record<string, unknown> };
      assert.deepEqual(Object.keys(left.projects).sort(), [home.cwd, place.mainPath].sort());
    });
  });
}

async function newWorktree(home: ClaudeHome, version: string): Promise<CheckoutPlace> {
  const [mainPath = ""] = await trustedFolders(home, "shop");
  const path = `${mainPath}-payment`;
  await git(mainPath, "init", "-q");
  await git(mainPath, "commit", "-qm", "First", "--allow-empty");
  await mkdir(join(mainPath, ".claude"));
  const settings = { permissions: { allow: ["Bash(touch:*)"] } };
  await writeFile(join(mainPath, ".claude", "settings.local.json"), JSON.stringify(settings));
  await git(mainPath, "worktree", "add", "-q", "-b", "payment", path);
  return { mainPath, path, env: home.env, find: () => home.claude, versionOf: () => Promise.resolve(version) };
}

function stateOf({ env }: ClaudeHome): Promise<string> {
  return readFile(join(env["HOME"] ?? "", ".claude.json"), "utf8");
}
