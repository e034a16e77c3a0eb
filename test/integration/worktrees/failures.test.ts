import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { untilAnswers } from "../../support/sample-repository.ts";
import { untilDefined } from "../../support/until.ts";
import { type WorktreeRig, worktreeRig } from "../../support/worktree-rig.ts";

const run = promisify(execFile);
const LAST_PORT = 65_535;
const MEGABYTE = 1024 * 1024;

describe("a worktree whose add fails", () => {
  let rig: WorktreeRig;
  beforeEach(async () => {
    rig = await worktreeRig();
  });
  afterEach(() => rig.dispose());

  async function failsToAdd(why: RegExp): Promise<void> {
    const { exitCode, stderr } = await rig.run("add", rig.name, "--agent", "demo", "--trust");
    assert.notEqual(exitCode, 0, stderr);
    assert.match(stderr, why);
  }

  it("because no port is free leaves nothing", async () => {
    const server = await listenOn(LAST_PORT);
    try {
      await rig.shop.setTallyJson({ ports: { backend: rig.shop.bases.backend, frontend: LAST_PORT } });
      await rig.touched();
      await failsToAdd(/frontend/);
      await rig.assertNothingIsLeft();
    } finally {
      server.close();
    }
  });

  it("because its place is in no folder leaves nothing", async () => {
    await writeFile(join(rig.shop.parent, "occupied.log"), "a file");
    await rig.gateway.client.call("setSettings", { body: { worktreePath: "{parent}/occupied.log/{name}" } });
    await failsToAdd(/occupied\.log/);
    await rig.assertNothingIsLeft();
  });

  it("because the disk takes no more leaves nothing", async () => {
    await truncate(join(rig.shop.path, "backend/.env"), 64 * MEGABYTE);
    await rig.touched();
    const limit = 32 * MEGABYTE;
    await run("prlimit", ["--pid", String(rig.gateway.pid), `--fsize=${limit}:${limit}`]);
    await failsToAdd(/backend\/\.env/);
    await rig.assertNothingIsLeft();
  });

  it("because a setup command fails is broken, until that is corrected and Repair finishes it", async () => {
    const corrected = join(rig.shop.parent, "corrected.log");
    const setup = [`test -e '${corrected}'`, { run: "python3 manage.py migrate", cwd: "backend" }];
    await rig.shop.setTallyJson({ setup });
    await failsToAdd(/test -e/);
    assert.equal((await rig.tally.worktree(rig.name)).status, "broken");
    await writeFile(corrected, "");
    await rig.tally("repair", rig.name, "--finish");
    await rig.assertWhole();
  });

  it("because a setup command fails is undone by Repair", async () => {
    await rig.shop.setTallyJson({ setup: ["exit 3"] });
    await rig.touched();
    await failsToAdd(/exit 3/);
    await rig.tally("repair", rig.name, "--undo");
    await rig.assertNothingIsLeft();
  });

  it("does not fail because a process ends at once: that is told of, and the rest is there", async () => {
    const { processes } = JSON.parse(await readFile(join(rig.shop.path, "tally.json"), "utf8")) as {
      processes: object;
    };
    const backend = { run: "echo no database; exit 4", cwd: "backend" };
    await rig.shop.setTallyJson({ processes: { ...processes, backend } });
    await rig.run("add", rig.name, "--no-agent", "--trust");
    assert.equal((await rig.tally.worktree(rig.name)).status, "ready");
    await untilAnswers(rig.shop.bases.frontend);
    const failed = await untilDefined(
      async () =>
        (await rig.tally.listed()).processes.find(({ name, state }) => name === "backend" && state === "ERROR"),
      "the backend to have failed",
    );
    assert.equal(failed.exitCode, 4);
    const { data } = await rig.gateway.client.call("processOutput", { id: failed.id, query: {} });
    assert.match(data, /no database/);
  });
});

function listenOn(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => server.once("error", reject).listen(port, () => resolve(server)));
}
