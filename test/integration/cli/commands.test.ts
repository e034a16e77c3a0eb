import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readGatewayFile } from "../../../src/client/discovery.ts";
import { healthSchema } from "../../../src/protocol/routes.ts";
import type { Session } from "../../../src/protocol/entities.ts";
import { listedSchema, listedSessions, runTally, tallyInTerminal, type TallyRun } from "../../support/cli.ts";
import { isRunning, testHome, type TestHome } from "../../support/gateway.ts";
import { untilDefined } from "../../support/until.ts";

describe("tally's commands", () => {
  let place: TestHome;
  let cwd: string;
  before(async () => {
    place = await testHome();
    cwd = place.env["HOME"] ?? "";
  });
  after(() => place.dispose());

  const run = (...args: string[]): Promise<TallyRun> => runTally(args, { env: place.env, cwd });
  const out = async (...args: string[]) => (await run(...args)).stdout.toString("utf8");
  const sessions = () => listedSessions({ env: place.env, cwd });
  const untilListed = (word: string): Promise<Session> =>
    untilDefined(
      async () => (await sessions()).find(({ command }) => command.join(" ").includes(word)),
      `a session of ${word}`,
    );

  describe("without a gateway", () => {
    it("say that it is not running, with exit code 3", async () => {
      for (const args of [["status"], ["gateway", "status"], ["gateway", "url"]]) {
        const { exitCode, stderr, stdout } = await run(...args);
        assert.deepEqual([exitCode, stdout.length], [3, 0], args.join(" "));
        assert.match(stderr, /not running/);
      }
    });

    it("need none to be stopped", async () => {
      assert.equal((await run("gateway", "stop")).exitCode, 0);
    });
  });

  describe("for a person", () => {
    it("print help when there is no word", async () => {
      const { stdout, exitCode } = await run();
      assert.equal(exitCode, 0);
      assert.match(stdout.toString("utf8"), /^Usage:$/m);
    });

    it("print the help of each", async () => {
      assert.match(await out("list", "--help"), /^Usage: tally list /);
    });

    it("refuse an unknown option with its usage", async () => {
      const { exitCode, stderr } = await run("list", "--bogus");
      assert.equal(exitCode, 2);
      assert.match(stderr, /Unknown option '--bogus'\.\nUsage: tally list /);
    });

    it("suggest what a mistyped word may have meant", async () => {
      const { exitCode, stderr, stdout } = await run("doctro");
      assert.deepEqual([exitCode, stdout.length], [2, 0]);
      assert.match(stderr, /Did you mean: doctor\?/);
    });

    it("tell a program that is missing from one that may not be executed", async () => {
      assert.equal((await run("--", "no-such-program")).exitCode, 127);
      assert.equal((await run("./no-such-program")).exitCode, 127);
      assert.equal((await run("/etc/passwd")).exitCode, 126);
    });

    it("say how to begin when there are no sessions", async () => {
      const { stdout, stderr, exitCode } = await run("list");
      assert.deepEqual([exitCode, stdout.length], [0, 0]);
      assert.match(stderr, /No sessions yet\. Start one with: tally claude/);
    });
  });

  describe("on a session", () => {
    let live: Session;
    before(async () => {
      const terminal = tallyInTerminal(["sh", "-c", "echo shown-on-screen; exec sleep 600"], { env: place.env, cwd });
      await terminal.screen.untilShows("shown-on-screen");
      live = await untilListed("shown-on-screen");
      terminal[Symbol.dispose]();
    });

    it("list it, as JSON of projects, worktrees and sessions", async () => {
      const { projects, sessions: all } = listedSchema.parse(JSON.parse(await out("list", "--json")));
      assert.ok(all.some(({ id }) => id === live.id));
      assert.ok(projects.some(({ id }) => id === live.projectId));
    });

    it("list it in a table without colour in a pipe, and with FORCE_COLOR in colour", async () => {
      const plain = await out("list");
      assert.ok(plain.includes(live.id));
      assert.equal(plain.includes("\x1b"), false);
      const env = { ...place.env, FORCE_COLOR: "1" };
      assert.ok((await runTally(["list"], { env, cwd })).stdout.includes("\x1b["));
    });

    it("show it by its id, the beginning of it, and its root task", async () => {
      for (const ref of [live.id, live.id.slice(0, 7), live.rootTaskId]) {
        assert.match(await out("show", ref), new RegExp(`^id +${live.id}$`, "m"), ref);
      }
      assert.equal((JSON.parse(await out("show", live.id, "--json")) as { session: Session }).session.id, live.id);
    });

    it("do not find what is not there, and say where to look", async () => {
      const { exitCode, stderr } = await run("show", "no-such-session");
      assert.equal(exitCode, 1);
      assert.match(stderr, /tally list/);
    });

    it("list the candidates of an ambiguous beginning", async () => {
      await run("true");
      let all = await sessions();
      // Ids are random: with more sessions than first letters two of them begin alike.
      while (new Set(all.map(({ id }) => id.charAt(0))).size === all.length) {
        await run("true");
        all = await sessions();
      }
      const initials = all.map(({ id }) => id.charAt(0));
      const shared = initials.find((initial, index) => initials.indexOf(initial) !== index) ?? "";
      const { exitCode, stderr } = await run("show", shared);
      assert.equal(exitCode, 2);
      for (const { id } of all.filter((session) => session.id.startsWith(shared))) assert.match(stderr, new RegExp(id));
    });

    it("print what is on its terminal", async () => {
      assert.match(await out("logs", live.id), /^shown-on-screen$/m);
    });

    it("rename it", async () => {
      await run("rename", live.id, "Größe 🚀 'quoted'");
      assert.match(await out("list"), /Größe 🚀 'quoted'/);
    });

    it("need a terminal to attach it", async () => {
      assert.equal((await run("attach", live.id)).exitCode, 2);
    });

    it("count it, and stop and restart the gateway without ending it", async () => {
      assert.match(await out("status"), /1 running/);
      const { stderr } = await run("gateway", "restart");
      assert.match(stderr, /1 session runs on/);
      assert.equal((await untilListed("shown-on-screen")).endedAt, null);
    });

    it("refuse to remove it while it runs, and remove it when it has ended", async () => {
      assert.equal((await run("remove", live.id)).exitCode, 1);
      assert.equal((await run("end", live.id)).exitCode, 0);
      assert.ok(live.pid === null || !isRunning(live.pid));
      assert.equal((await run("remove", live.id)).exitCode, 0);
      assert.equal((await run("show", live.id)).exitCode, 1);
    });
  });

  describe("on the gateway", () => {
    it("start it, tell its address and its health, and stop it", async () => {
      assert.equal((await run("gateway", "start")).exitCode, 0);
      const file = await readGatewayFile(place.home);
      const token = (await readFile(place.home.tokenFile, "utf8")).trim();
      assert.equal(await out("gateway", "url"), `http://127.0.0.1:${file?.port ?? 0}/t/${token}\n`);
      assert.equal(healthSchema.parse(JSON.parse(await out("gateway", "status", "--json"))).pid, file?.pid);
      assert.equal((await run("gateway", "stop")).exitCode, 0);
      assert.equal((await run("gateway", "status")).exitCode, 3);
    });

    it("print the end of its log", async () => {
      await run("gateway", "start");
      const lines = (await out("gateway", "logs", "-n", "2")).trimEnd().split("\n");
      assert.equal(lines.length, 2);
    });

    it("refuse an action that they do not know", async () => {
      assert.equal((await run("gateway", "explode")).exitCode, 2);
    });
  });

  describe("tally doctor", () => {
    it("finds nothing wrong with an installation that works", async () => {
      const { exitCode, stdout } = await run("doctor");
      assert.equal(exitCode, 0, stdout.toString("utf8"));
      assert.match(stdout.toString("utf8"), /^✓ gateway: answers at http/m);
    });

    it("finds a gateway that cannot be reached", async () => {
      const env = { ...place.env, TALLY_URL: "http://127.0.0.1:1", TALLY_TOKEN: "x", TALLY_HOME: join(cwd, "other") };
      const { exitCode, stdout } = await runTally(["doctor"], { env, cwd });
      assert.equal(exitCode, 1);
      assert.match(stdout.toString("utf8"), /^✗ gateway: TALLY_URL/m);
    });
  });
});
