import assert from "node:assert/strict";
import type { Worktree } from "../../../src/protocol/entities.ts";
import { TallyError } from "../../../src/protocol/errors.ts";
import { aProcess, aProject } from "../../support/entities.ts";
import { type ScriptedGateway, startScriptedGateway } from "./scripted-gateway.ts";
import {
  aStep,
  later,
  needingApproval,
  someCommands,
  type TypingPlace,
  typingPlace,
  underWay,
} from "./worktree-script.ts";

const steps = [aStep({ state: "running" }), aStep({ id: "copy", label: "Copy ignored files" })];
const allDone = [
  aStep({ state: "done", detail: "Branch pay, from main" }),
  aStep({ id: "copy", label: "Copy ignored files", state: "done", detail: "2 files" }),
];
const place: Partial<Worktree> = { id: "w1", name: "pay", branch: "pay", path: "/home/me/shop-pay", status: "adding" };

describe("tally add", () => {
  let here: TypingPlace;
  before(async () => {
    here = await typingPlace();
  });
  after(() => here[Symbol.asyncDispose]());

  /** A gateway that begins an add and then tells what a test wants of it. */
  async function adding(tell: (gateway: ScriptedGateway, begun: Worktree) => void, fields: Partial<Worktree> = {}) {
    const gateway: ScriptedGateway = await startScriptedGateway(
      { id: "s1", worktreeId: "w1", title: "shop-pay" },
      {
        processes: [aProcess({ id: "process-1", worktreeId: "w1", name: "setup", kind: "setup" })],
        handlers: {
          addWorktree: (body) => {
            const begun = underWay(body, { ...place, ...fields }, { steps });
            gateway.changeWorktree(begun);
            setImmediate(() => tell(gateway, begun));
            return { worktree: begun, project: aProject() };
          },
          cancelWorktree: () => {
            const begun = underWay(gateway.heard("addWorktree")[0], place, { steps, state: "cancelled" });
            gateway.changeWorktree(begun);
            setImmediate(() => gateway.removeWorktree("w1"));
            return { worktree: begun };
          },
          processOutput: () => ({ data: "npm error\nnpm error missing script\n\n", cols: 80, rows: 24 }),
          approveCommands: () => ({ commands: { ...someCommands, isApproved: true } }),
        },
      },
    );
    return gateway;
  }
  const succeeds = (gateway: ScriptedGateway, begun: Worktree) => {
    gateway.changeWorktree(later(begun, {}, { steps: [...allDone.slice(0, 1), ...steps.slice(1)] }));
    const ports = [{ name: "backend", port: 8000 }];
    gateway.changeWorktree(
      later(begun, { status: "ready", ports, agentSessionId: "s1" }, { steps: allDone, state: "done" }),
    );
  };
  const failsInSetup = (gateway: ScriptedGateway, begun: Worktree) => {
    const setup = aStep({ id: "setup", label: "Set up", state: "failed", processId: "process-1" });
    const error = { code: "setup-failed", message: "npm ci ended with exit code 1." };
    gateway.changeWorktree(later(begun, { status: "broken" }, { steps: [setup], state: "failed", error }));
  };

  it("tells each step on a line, then where the worktree is and what to do next", async () => {
    await using gateway = await adding(succeeds);
    const { exitCode, stdout, stderr } = await here.run(gateway, "add", "pay", "--from", "main");
    assert.equal(exitCode, 0, stderr);
    assert.equal(
      stderr,
      [
        "✓ Check out: Branch pay, from main",
        "✓ Copy ignored files: 2 files",
        "Go there:           cd /home/me/shop-pay",
        "Talk to the agent:  tally attach s1",
        "",
      ].join("\n"),
    );
    assert.equal(
      stdout.toString("utf8"),
      [
        "worktree  pay",
        "folder    /home/me/shop-pay",
        "branch    pay, from main",
        "backend   http://localhost:8000",
        "session   s1  claude  running",
        "",
      ].join("\n"),
    );
  });

  it("asks for what the command line says, with its folder and environment", async () => {
    await using gateway = await adding(succeeds);
    await here.run(gateway, "add", "pay", "--agent", "codex", "--prompt", "Go", "--no-setup", "--", "--model", "x");
    const [body] = gateway.heard("addWorktree") as { env: Record<string, string> }[];
    const { env, ...rest } = body ?? { env: {} };
    assert.deepEqual(
      { ...rest, operationId: "" },
      {
        operationId: "",
        cwd: here.cwd,
        name: "pay",
        agent: "codex",
        prompt: "Go",
        args: ["--model", "x"],
        origin: "cli",
        skipCommands: true,
      },
    );
    assert.equal(env["HOME"], here.cwd);
  });

  it("prints the worktree as JSON, and nothing else, for scripts", async () => {
    await using gateway = await adding(succeeds);
    const { exitCode, stdout } = await here.run(gateway, "add", "pay", "--no-agent", "--json");
    const { worktree } = JSON.parse(stdout.toString("utf8")) as { worktree: Worktree };
    assert.deepEqual([exitCode, worktree.name, worktree.status], [0, "pay", "ready"]);
    assert.equal((gateway.heard("addWorktree")[0] as { agent: unknown }).agent, null);
  });

  it("shows the end of a setup command's output, how to see all of it, and what to do", async () => {
    await using gateway = await adding(failsInSetup);
    const { exitCode, stdout, stderr } = await here.run(gateway, "add", "pay");
    assert.deepEqual([exitCode, stdout.length], [1, 0]);
    assert.match(stderr, /^✗ Set up\n│ npm error\n│ npm error missing script\n/m);
    assert.deepEqual(stderr.trimEnd().split("\n").slice(-4), [
      "tally add: npm ci ended with exit code 1.",
      "All it printed:  tally process logs pay setup",
      "Go on with it:   tally repair pay --finish",
      "Undo it:         tally repair pay --undo",
    ]);
  });

  it("waits until what failed is undone, and says that nothing of it is left", async () => {
    await using gateway = await adding((told, begun) => {
      const error = { code: "git-failed", message: "The hook post-checkout failed." };
      told.changeWorktree(later(begun, {}, { state: "failed", error }));
      setImmediate(() => told.removeWorktree("w1"));
    });
    const { exitCode, stderr } = await here.run(gateway, "add", "pay");
    assert.equal(exitCode, 1);
    assert.match(stderr, /^tally add: The hook post-checkout failed\. Nothing of it is left\.$/m);
  });

  it("says what to do about one that was interrupted", async () => {
    await using gateway = await adding((told, begun) =>
      told.changeWorktree(later(begun, { status: "broken" }, { state: "interrupted" })),
    );
    const { exitCode, stderr } = await here.run(gateway, "add", "pay");
    assert.equal(exitCode, 1);
    assert.match(stderr, /^tally add: interrupted: tally repair pay$/m);
  });

  it("does not ask to repair what was cancelled elsewhere: that is being undone", async () => {
    await using gateway = await adding((told, begun) =>
      told.changeWorktree(later(begun, { status: "broken" }, { state: "cancelled" })),
    );
    const { exitCode, stderr } = await here.run(gateway, "add", "pay");
    assert.equal(exitCode, 130);
    assert.match(stderr, /^tally add: Cancelled elsewhere, and undone from there\. What is left of it: tally list$/m);
    assert.doesNotMatch(stderr, /tally repair/);
  });

  it("refuses a name with the gateway's words, as wrong usage", async () => {
    const addWorktree = () => {
      throw new TallyError("name-invalid", '"a..b" is no name for a branch: git takes no two dots in a row.');
    };
    await using gateway = await startScriptedGateway({}, { handlers: { addWorktree } });
    const { exitCode, stderr } = await here.run(gateway, "add", "a..b");
    assert.equal(exitCode, 2);
    assert.match(stderr, /^tally add: "a\.\.b" is no name for a branch/);
  });

  describe("what tally.json runs", () => {
    const approving = async () => {
      const gateway: ScriptedGateway = await startScriptedGateway(
        {},
        {
          handlers: {
            addWorktree: needingApproval(
              () => gateway,
              (body) => {
                const begun = underWay(body, place, { steps });
                setImmediate(() => succeeds(gateway, begun));
                return { worktree: begun, project: aProject() };
              },
            ),
            approveCommands: () => ({ commands: { ...someCommands, isApproved: true } }),
          },
        },
      );
      return gateway;
    };

    it("is shown, and runs nothing where nobody can be asked", async () => {
      await using gateway = await approving();
      const { exitCode, stderr } = await here.run(gateway, "add", "pay");
      assert.deepEqual([exitCode, gateway.heard("approveCommands")], [1, []]);
      assert.match(stderr, /^│ setup {2}npm ci\n│ {8}in frontend\/$/m);
      assert.match(stderr, /run it in a terminal, or read the above and say tally add --trust pay$/m);
    });

    it("is approved by --trust, and then it goes on", async () => {
      await using gateway = await approving();
      assert.equal((await here.run(gateway, "add", "pay", "--trust")).exitCode, 0);
      assert.deepEqual(gateway.heard("approveCommands"), [{ cwd: here.cwd, hash: "hash1" }]);
    });

    it("is approved by the person at the terminal, or not at all", async () => {
      await using gateway = await approving();
      using refusing = here.inTerminal(gateway, ["add", "pay"]);
      await refusing.screen.untilShows("[y]es / [N]o:");
      refusing.type("n\r");
      assert.equal((await refusing.exited).exitCode, 1);
      assert.deepEqual(gateway.heard("approveCommands"), []);
      using approved = here.inTerminal(gateway, ["add", "pay"]);
      await approved.screen.untilShows("[y]es / [N]o:");
      approved.type("y\r");
      assert.equal((await approved.exited).exitCode, 0);
    });

    it("is nothing that an agent can approve", async () => {
      await using gateway = await approving();
      const inside = { ...gateway, env: { ...gateway.env, TALLY_SESSION_ID: "s1" } };
      const { exitCode, stderr } = await here.run(inside, "add", "pay", "--trust");
      assert.deepEqual([exitCode, gateway.heard("approveCommands")], [1, []]);
      assert.match(stderr, /inside session s1: an agent cannot approve for you/);
    });
  });

  describe("on a terminal", () => {
    const KEEPS_RUNNING = () => undefined;
    const INTERRUPT = "\x03";

    it("draws the steps in their place", async () => {
      let begun: Worktree | undefined;
      await using gateway = await adding((_, worktree) => (begun = worktree));
      using terminal = here.inTerminal(gateway, ["add", "pay"]);
      await terminal.screen.untilShows(/^. Check out\n· Copy ignored files$/m);
      const detail = "1,204 of 20,000 files";
      const copying = [allDone[0]!, aStep({ id: "copy", label: "Copy ignored files", state: "running", detail })];
      gateway.changeWorktree(later(begun!, {}, { steps: copying }));
      await terminal.screen.untilShows(
        /^✓ Check out: Branch pay, from main\n. Copy ignored files: 1,204 of 20,000 files$/m,
      );
      succeeds(gateway, begun!);
      assert.equal((await terminal.exited).exitCode, 0);
      await terminal.screen.untilShows(/✓ Copy ignored files: 2 files\nworktree {2}pay$/m);
      assert.equal(terminal.screen.text().match(/Check out/g)?.length, 1);
    });

    it("keeps each step on one line of a narrow one, also when it becomes narrower", async () => {
      let begun: Worktree | undefined;
      await using gateway = await adding((_, worktree) => (begun = worktree));
      using terminal = here.inTerminal(gateway, ["add", "pay"], { cols: 40, rows: 20 });
      const long = aStep({ state: "running", detail: "a detail that is longer than the terminal is wide" });
      await terminal.screen.untilShows("Check out");
      gateway.changeWorktree(later(begun!, {}, { steps: [long, ...steps.slice(1)] }));
      await terminal.screen.untilShows(/Check out: a detail that is .*…\n· Copy/);
      terminal.resize({ cols: 20, rows: 20 });
      await terminal.screen.untilShows(/^. Check out: a de.*…\n· Copy ignored fil…\n*$/m);
    });

    it("cancels at Ctrl-C, waits until that is undone, and exits as an interrupted program does", async () => {
      await using gateway = await adding(KEEPS_RUNNING);
      using terminal = here.inTerminal(gateway, ["add", "pay"]);
      await terminal.screen.untilShows("Check out");
      terminal.type(INTERRUPT);
      assert.equal((await terminal.exited).exitCode, 130);
      await terminal.screen.untilShows("tally add: Cancelled. Nothing of it is left.");
      assert.equal(gateway.heard("cancelWorktree").length, 1);
    });

    it("leaves that to the gateway at the second Ctrl-C", async () => {
      await using gateway = await startScriptedGateway(
        {},
        {
          handlers: {
            addWorktree: (body) => {
              const begun = underWay(body, place, { steps });
              gateway.changeWorktree(begun);
              return { worktree: begun, project: aProject() };
            },
            cancelWorktree: (_, id) => ({ worktree: underWay({ operationId: id }, place) }),
          },
        },
      );
      using terminal = here.inTerminal(gateway, ["add", "pay"]);
      await terminal.screen.untilShows("Check out");
      terminal.type(INTERRUPT);
      await terminal.screen.untilShows("Cancelling. Ctrl-C once more leaves that to the gateway.");
      terminal.type(INTERRUPT);
      assert.equal((await terminal.exited).exitCode, 130);
      await terminal.screen.untilShows("The gateway goes on undoing it.");
    });
  });
});
