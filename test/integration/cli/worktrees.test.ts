import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Worktree } from "../../../src/protocol/entities.ts";
import { TallyError } from "../../../src/protocol/errors.ts";
import { listedSchema } from "../../support/cli.ts";
import { anOperation, aProcess, aProject, aWorktree } from "../../support/entities.ts";
import { type ScriptedGateway, startScriptedGateway } from "./scripted-gateway.ts";
import { later, someCommands, type TypingPlace, typingPlace, underWay, needingApproval } from "./worktree-script.ts";

const pay = aWorktree({ id: "w1", name: "pay", branch: "pay", path: "/home/me/shop-pay" });
const backend = aProcess({ id: "process-1", worktreeId: "w1" });
const frontend = aProcess({ id: "process-2", worktreeId: "w1", name: "frontend", port: 5000, createdAt: 2_000 });

describe("worktrees on the command line", () => {
  let here: TypingPlace;
  before(async () => {
    here = await typingPlace();
  });
  after(() => here[Symbol.asyncDispose]());

  const out = async (gateway: ScriptedGateway, ...args: string[]) =>
    (await here.run(gateway, ...args)).stdout.toString("utf8");
  const json = async (gateway: ScriptedGateway, ...args: string[]): Promise<unknown> =>
    JSON.parse(await out(gateway, ...args, "--json"));

  describe("tally list, show, status and path", () => {
    const all = {
      worktrees: [pay],
      processes: [backend, { ...frontend, state: "ERROR" as const, reason: "It ended." }],
    };

    it("show worktrees with what runs in them", async () => {
      await using gateway = await startScriptedGateway({ worktreeId: "w1" }, all);
      assert.match(
        await out(gateway, "list"),
        /^ {2}pay\n {4}backend {3}running {2}http:\/\/localhost:8000\n {4}frontend {2}failed {3}It ended\.\n {4}session1 /m,
      );
      assert.equal(listedSchema.parse(await json(gateway, "list")).processes.length, 2);
    });

    it("tell all of one worktree", async () => {
      await using gateway = await startScriptedGateway({ worktreeId: "w1" }, all);
      assert.match(await out(gateway, "show", "pay"), /^folder +\/home\/me\/shop-pay$/m);
      const shown = (await json(gateway, "show", "pay")) as Record<string, unknown[]>;
      assert.deepEqual([shown["processes"]?.length, shown["sessions"]?.length], [2, 1]);
    });

    it("list the project that one stands in first, and only it when told so", async () => {
      const inside = { ...pay, path: here.cwd };
      const elsewhere = aWorktree({ id: "w2", name: "other", projectId: "project2", createdAt: 0 });
      const script = { worktrees: [elsewhere, inside] };
      await using gateway = await startScriptedGateway({ state: "DONE", endedAt: 1, projectId: "project2" }, script);
      assert.match(await out(gateway, "list"), /^shop .*\n {2}pay\n\nproject2\n/);
      assert.doesNotMatch(await out(gateway, "list", "--here"), /other/);
      const listed = listedSchema.parse(await json(gateway, "list", "--here"));
      assert.deepEqual([listed.projects.length, listed.worktrees.length], [1, 1]);
    });

    it("count what is broken", async () => {
      const broken = aWorktree({ id: "w2", status: "broken" });
      await using gateway = await startScriptedGateway({}, { ...all, worktrees: [pay, broken] });
      assert.match(await out(gateway, "status"), /^worktrees {2}1 broken, 1 ready\nprocesses {2}1 failed, 1 running$/m);
      const { worktrees, processes } = (await json(gateway, "status")) as Record<string, unknown>;
      assert.deepEqual(
        [worktrees, processes],
        [
          { ready: 1, broken: 1 },
          { RUNNING: 1, ERROR: 1 },
        ],
      );
    });

    it("print a folder and nothing else, for a shell to go to", async () => {
      await using gateway = await startScriptedGateway({}, all);
      assert.equal(await out(gateway, "path", "pay"), "/home/me/shop-pay\n");
      const { exitCode, stdout } = await here.run(gateway, "path", "nosuch");
      assert.deepEqual([exitCode, stdout.length], [1, 0]);
    });

    it("take a folder for a name", async () => {
      await using gateway = await startScriptedGateway({}, { worktrees: [{ ...pay, path: here.cwd }] });
      assert.equal(await out(gateway, "path", "."), `${here.cwd}\n`);
    });
  });

  describe("tally resume", () => {
    const resuming = (worktrees: readonly Worktree[], outcome: "started" | "failed" = "started") =>
      startScriptedGateway(
        {},
        {
          worktrees,
          handlers: {
            resumeWorktree: (_, id) => ({
              worktree: worktrees.find((each) => each.id === id) ?? pay,
              sessions: [],
              processes: [{ process: backend, outcome, why: outcome === "failed" ? "Port 8000 is taken." : null }],
            }),
            snapshots: () => ({ snapshots: [] }),
          },
        },
      );

    it("brings one back by its name", async () => {
      await using gateway = await resuming([pay]);
      const { exitCode, stdout } = await here.run(gateway, "resume", "pay", "--force");
      assert.deepEqual([exitCode, stdout.toString("utf8")], [0, "pay\n  ✓  backend  started  http://localhost:8000\n"]);
      assert.equal((gateway.heard("resumeWorktree")[0] as { force: boolean }).force, true);
    });

    it("fails when something does not come back, and says why", async () => {
      await using gateway = await resuming([pay], "failed");
      const { exitCode, stdout } = await here.run(gateway, "resume", "pay");
      assert.equal(exitCode, 1);
      assert.match(stdout.toString("utf8"), /✗ {2}backend {2}failed {2}Port 8000 is taken\./);
    });

    it("brings back those of this project, and with --all those of every one", async () => {
      const inside = { ...pay, path: here.cwd };
      const elsewhere = aWorktree({ id: "w2", name: "other", projectId: "project2" });
      await using gateway = await resuming([inside, elsewhere]);
      assert.equal(((await json(gateway, "resume")) as unknown[]).length, 1);
      await using one = await resuming([inside, { ...elsewhere, projectId: "project1" }]);
      assert.equal(((await json(one, "resume", "--all")) as unknown[]).length, 2);
    });

    it("leaves the others alone in a repository that Tally has not met", async () => {
      await using gateway = await resuming([pay]);
      const { exitCode, stderr } = await here.run(gateway, "resume");
      assert.deepEqual([exitCode, gateway.heard("resumeWorktree")], [0, []]);
      assert.match(stderr, /no worktree to resume/);
    });

    it("takes what is for a session only with one", async () => {
      await using gateway = await resuming([pay]);
      assert.equal((await here.run(gateway, "resume", "--prompt", "Go")).exitCode, 2);
      assert.equal((await here.run(gateway, "resume", "pay", "--all")).exitCode, 2);
    });
  });

  describe("tally process", () => {
    const process = (gateway: ScriptedGateway, ...args: string[]) => here.run(gateway, "process", ...args);
    const running = (processes = [frontend, backend]) => {
      const find = (id: string) => processes.find((each) => each.id === id) ?? backend;
      return startScriptedGateway(
        {},
        {
          worktrees: [pay],
          processes,
          handlers: {
            startProcess: (_, id) => ({ process: { ...find(id), state: "RUNNING" } }),
            stopProcess: (_, id) => ({ process: { ...find(id), state: "STOPPED", reason: "You stopped it." } }),
            processOutput: (_, id) => ({ data: `output of ${id}`, cols: 80, rows: 24 }),
          },
        },
      );
    };

    it("starts what does not run, and nothing twice", async () => {
      await using gateway = await running([backend, { ...frontend, state: "STOPPED" }]);
      const { exitCode, stdout } = await process(gateway, "start", "pay");
      assert.equal(exitCode, 0);
      assert.match(stdout.toString("utf8"), /^backend {3}running .*\nfrontend {2}running {2}http:\/\/localhost:5000$/m);
      assert.equal(gateway.heard("startProcess").length, 1);
    });

    it("restarts one by its name", async () => {
      await using gateway = await running();
      await process(gateway, "restart", "pay", "frontend");
      const bodies = gateway.heard("startProcess") as { isRestart: boolean }[];
      assert.deepEqual(
        bodies.map(({ isRestart }) => isRestart),
        [true],
      );
    });

    it("stops all of them", async () => {
      await using gateway = await running();
      const { stdout } = await process(gateway, "stop", "pay", "--force");
      assert.match(stdout.toString("utf8"), /^backend {3}stopped {2}You stopped it\.\nfrontend {2}stopped/m);
      assert.equal((gateway.heard("stopProcess")[0] as { force: boolean }).force, true);
    });

    it("prints what they have printed, of several under their names", async () => {
      await using gateway = await running();
      assert.equal(
        (await process(gateway, "logs", "pay")).stdout.toString("utf8"),
        "==> backend <==\noutput of process-1\n\n==> frontend <==\noutput of process-2\n",
      );
      assert.equal((await process(gateway, "logs", "pay", "backend")).stdout.toString("utf8"), "output of process-1\n");
    });

    it("needs a terminal to show one, and one that is named", async () => {
      await using gateway = await running();
      assert.match((await process(gateway, "attach", "pay")).stderr, /Which one\? backend, frontend/);
      assert.match((await process(gateway, "attach", "pay", "backend")).stderr, /It needs a terminal\./);
    });

    it("says which there are when there is none of that name", async () => {
      await using gateway = await running();
      const { exitCode, stderr } = await process(gateway, "start", "pay", "worker");
      assert.equal(exitCode, 1);
      assert.match(stderr, /no process called "worker"\. There is: backend, frontend\./);
    });

    it("refuses an action and options that it does not know", async () => {
      await using gateway = await running();
      for (const args of [["explode", "pay"], [], ["start"], ["logs", "pay", "--force"]]) {
        assert.equal((await process(gateway, ...args)).exitCode, 2, args.join(" "));
      }
    });
  });

  describe("tally repair", () => {
    const error = { code: "setup-failed", message: "npm ci ended with exit code 1." };
    const broken = { ...pay, status: "broken" as const, operation: anOperation({ state: "failed", error }) };
    const repairing = async (worktrees: readonly Worktree[], kind: "add" | "remove", goes: boolean) => {
      const gateway: ScriptedGateway = await startScriptedGateway(
        {},
        {
          worktrees,
          handlers: {
            repairWorktree: (body) => {
              const begun = underWay(body, { ...pay, status: kind === "add" ? "adding" : "removing" }, { kind });
              gateway.changeWorktree(begun);
              setImmediate(() => {
                if (goes) gateway.removeWorktree("w1");
                else gateway.changeWorktree(later(begun, { status: "ready" }, { state: "done" }));
              });
              return { worktree: begun };
            },
          },
        },
      );
      return gateway;
    };

    it("finishes what was begun", async () => {
      await using gateway = await repairing([broken], "add", false);
      const { exitCode, stdout } = await here.run(gateway, "repair", "pay", "--finish");
      assert.equal(exitCode, 0);
      assert.match(stdout.toString("utf8"), /^worktree {2}pay$/m);
    });

    it("undoes it", async () => {
      await using gateway = await repairing([broken], "add", true);
      const { exitCode, stderr } = await here.run(gateway, "repair", "--undo");
      assert.deepEqual([exitCode, stderr], [0, "Undone. Nothing of it is left.\n"]);
    });

    it("finishes a removal by removing", async () => {
      await using gateway = await repairing([broken], "remove", true);
      const { exitCode, stderr } = await here.run(gateway, "repair", "pay", "--finish");
      assert.deepEqual(
        [exitCode, stderr],
        [0, "Removed pay. What was in it is kept as a snapshot. Bring it back with: tally restore pay\n"],
      );
    });

    describe("of what is still being done", () => {
      const making = aWorktree({ ...pay, status: "adding", operation: anOperation({ id: "op1", state: "running" }) });
      const cancelling = async () => {
        const gateway: ScriptedGateway = await startScriptedGateway(
          {},
          {
            worktrees: [making],
            handlers: {
              cancelWorktree: () => {
                // Between the cancelling and the undoing it is broken for a moment.
                gateway.changeWorktree(later(making, { status: "broken" }, { state: "cancelled" }));
                const undoing = { ...making, status: "removing" as const, operation: anOperation({ id: "op2" }) };
                gateway.changeWorktree(undoing);
                setImmediate(() => gateway.removeWorktree("w1"));
                return { worktree: undoing };
              },
            },
          },
        );
        return gateway;
      };

      it("cancels it with --undo, and waits until it is undone", async () => {
        await using gateway = await cancelling();
        const { exitCode, stderr } = await here.run(gateway, "repair", "pay", "--undo");
        assert.equal(exitCode, 0, stderr);
        assert.match(stderr, /^Undone\. /m);
        assert.deepEqual([gateway.heard("cancelWorktree").length, gateway.heard("repairWorktree")], [1, []]);
      });

      it("says how to cancel it", async () => {
        await using gateway = await cancelling();
        const { exitCode, stderr } = await here.run(gateway, "repair", "pay");
        assert.equal(exitCode, 1);
        assert.match(stderr, /pay is being made\. Wait until that is over, or undo it: tally repair pay --undo$/m);
      });
    });

    it("says what is wrong and asks how, at a terminal", async () => {
      await using gateway = await repairing([broken], "add", true);
      const { exitCode, stderr } = await here.run(gateway, "repair", "pay");
      assert.equal(exitCode, 2);
      assert.match(
        stderr,
        /^pay: making it failed\nnpm ci ended with exit code 1\.\nGo on with it: +tally repair pay --finish$/m,
      );
      using terminal = here.inTerminal(gateway, ["repair"]);
      await terminal.screen.untilShows("[f]inish what was begun / [u]ndo it / [q]uit:");
      terminal.type("y\r");
      await terminal.screen.untilShows("Type f, u or q.");
      terminal.type("u\r");
      assert.equal((await terminal.exited).exitCode, 0);
      assert.equal((gateway.heard("repairWorktree")[0] as { how: string }).how, "undo");
    });

    it("has nothing to do where nothing is broken, and asks which one where several are", async () => {
      await using whole = await repairing([pay], "add", false);
      assert.deepEqual((await here.run(whole, "repair")).stderr, "Nothing is broken.\n");
      await using several = await repairing([broken, { ...broken, id: "w2", name: "cart" }], "add", false);
      const { exitCode, stderr } = await here.run(several, "repair", "--undo");
      assert.equal(exitCode, 2);
      assert.match(stderr, /Which one\? Name it:\n {2}pay {2}making it failed\n {2}cart {2}making it failed/);
    });
  });

  describe("tally adopt", () => {
    it("takes a folder, relative to where it was typed", async () => {
      await using gateway = await startScriptedGateway(
        {},
        { worktrees: [pay], handlers: { adoptWorktree: () => ({ worktree: { ...pay, operation: null } }) } },
      );
      const { exitCode, stdout, stderr } = await here.run(gateway, "adopt", "../shop-pay");
      assert.equal(exitCode, 0);
      assert.match(stdout.toString("utf8"), /^worktree {2}pay$/m);
      assert.match(stderr, /tally resume pay/);
      assert.equal((gateway.heard("adoptWorktree")[0] as { path: string }).path, join(here.cwd, "../shop-pay"));
    });

    it("says of a folder that is not there what to give instead", async () => {
      const adoptWorktree = () => {
        throw new TallyError("folder-missing", "There is no folder /nope. Go to a folder of your project.");
      };
      await using gateway = await startScriptedGateway({}, { handlers: { adoptWorktree } });
      const { exitCode, stderr } = await here.run(gateway, "adopt", "/nope");
      assert.equal(exitCode, 1);
      assert.equal(
        stderr,
        "tally adopt: There is no folder /nope. Give that of a checkout; git worktree list shows them.\n",
      );
    });
  });

  describe("tally init", () => {
    const proposing = async (name: string) => {
      const folder = join(here.cwd, name);
      await mkdir(folder);
      const path = join(folder, "tally.json");
      const proposal = { path, exists: false, text: '{ "ports": [] }\n', found: ["manage.py in backend/"] };
      return { path, gateway: await startScriptedGateway({}, { handlers: { proposeTallyJson: () => proposal } }) };
    };

    it("writes what fits the repository, and says what it found", async () => {
      const { path, ...opened } = await proposing("fresh");
      await using gateway = opened.gateway;
      const { exitCode, stderr } = await here.run(gateway, "init");
      assert.equal(exitCode, 0);
      assert.match(stderr, /^Found:\n {2}manage\.py in backend\/\nWrote .*tally\.json\./);
      assert.equal(await readFile(path, "utf8"), '{ "ports": [] }\n');
    });

    it("says which program of it is not to be found", async () => {
      const path = join(here.cwd, "needy.json");
      const text = '{ "setup": ["tally-no-such-program sync"] }\n';
      const proposeTallyJson = () => ({ path, exists: false, text, found: [] });
      await using gateway = await startScriptedGateway({}, { handlers: { proposeTallyJson } });
      const { stderr } = await here.run(gateway, "init", "--print");
      assert.match(stderr, /^There is no tally-no-such-program on your PATH\. .*: tally-no-such-program sync$/m);
    });

    it("never writes over a file that is there, unless it is told to", async () => {
      const { path, ...opened } = await proposing("there");
      await using gateway = opened.gateway;
      await writeFile(path, "mine");
      const { exitCode, stderr } = await here.run(gateway, "init");
      assert.deepEqual([exitCode, await readFile(path, "utf8")], [1, "mine"]);
      assert.match(stderr, /is there already\. .*tally init --force/);
      assert.equal((await here.run(gateway, "init", "--force")).exitCode, 0);
      assert.equal(await readFile(path, "utf8"), '{ "ports": [] }\n');
    });

    it("only prints it when told so", async () => {
      const { path, ...opened } = await proposing("printed");
      await using gateway = opened.gateway;
      assert.equal(await out(gateway, "init", "--print"), '{ "ports": [] }\n');
      await assert.rejects(readFile(path, "utf8"));
    });
  });

  it("bring back a worktree once a person has approved what runs in it", async () => {
    await using gateway: ScriptedGateway = await startScriptedGateway(
      {},
      {
        worktrees: [pay],
        handlers: {
          resumeWorktree: needingApproval(
            () => gateway,
            () => ({ worktree: pay, sessions: [], processes: [] }),
          ),
          approveCommands: () => ({ commands: { ...someCommands, isApproved: true } }),
        },
      },
    );
    assert.equal((await here.run(gateway, "resume", "pay")).exitCode, 1);
    assert.equal((await here.run(gateway, "resume", "pay", "--trust")).exitCode, 0);
    assert.deepEqual(gateway.heard("approveCommands"), [{ cwd: aProject().path, hash: "hash1" }]);
  });
});
