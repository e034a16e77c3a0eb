import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Task } from "../../../src/protocol/entities.ts";
import { TallyError } from "../../../src/protocol/errors.ts";
import type { OutputEntry, TaskRun, TaskWait } from "../../../src/protocol/tasks.ts";
import { aPause, aProject, aRun, aWorktree } from "../../support/entities.ts";
import { type OutputClient, type ScriptedGateway, startScriptedGateway } from "./scripted-gateway.ts";
import { aStep, later, type TypingPlace, typingPlace, underWay } from "./worktree-script.ts";

const INTERRUPT = "\x03";
const HOUR_MS = 3_600_000;

const ID = "claude-1795279163832-b4bcgg71m";
const SHORT = "b4bcgg71m";
const begins = aRun({ id: ID, title: "Fix it" });
const running: Task = { ...begins, state: "RUNNING", position: null, startedAt: 1_000 };
const done: Task = { ...running, state: "DONE", endedAt: 61_000, result: "Fixed." };
const cancelled: Task = { ...running, state: "CANCELLED", endedAt: 61_000 };

function waitingFor(wait: Partial<TaskWait>, task: Task = begins): Task {
  const waitsFor: TaskWait = { kind: "slots", text: "3 tasks run already.", until: null, ...wait };
  return { ...task, run: { ...(task.run as TaskRun), waitsFor } };
}

function says(...texts: string[]): OutputEntry[] {
  return texts.map((text) => ({ kind: "text", text }));
}

describe("tally run, queue and task", () => {
  let here: TypingPlace;
  before(async () => {
    here = await typingPlace();
  });
  after(() => here[Symbol.asyncDispose]());

  /** A gateway that takes tasks, and answers with this one. */
  const taking = (task: Task, taskOutput?: (client: OutputClient) => void) =>
    startScriptedGateway(
      {},
      {
        handlers: {
          addTask: () => ({ task, session: null }),
          cancelTask: () => ({ task: cancelled, session: null }),
        },
        ...(taskOutput ? { taskOutput } : {}),
      },
    );
  const bodies = (gateway: ScriptedGateway) =>
    (gateway.heard("addTask") as Record<string, unknown>[]).map((body) => ({ ...body, env: {} }));

  it("hands over what the command line says, with its folder and environment, before all that wait", async () => {
    await using gateway = await taking(begins);
    const words = ["Fix it", "--agent", "codex", "--type", "git", "--time-limit", "5m", "--", "--model", "o"];
    const { exitCode, stderr } = await here.run(gateway, "run", ...words);
    assert.deepEqual([exitCode, stderr], [0, `Task ${SHORT} begins. Follow it: tally task follow ${SHORT}\n`]);
    assert.deepEqual(bodies(gateway), [
      {
        prompt: "Fix it",
        place: { cwd: here.cwd },
        agent: "codex",
        type: "git",
        timeLimitMs: 300_000,
        args: ["--model", "o"],
        at: "first",
        whenPaused: "refuse",
        env: {},
        origin: "cli",
      },
    ]);
    const [{ env }] = gateway.heard("addTask") as [{ env: Record<string, string> }];
    assert.equal(env["HOME"], here.cwd);
  });

  it("uses the answer of its POST: nothing is asked after it", async () => {
    await using gateway = await taking(begins);
    await here.run(gateway, "run", "Fix it");
    await here.run(gateway, "queue", "add", "Fix it");
    await here.run(gateway, "queue", "remove", ID);
    assert.deepEqual(
      gateway.heard("queue").length + gateway.heard("getTask").length + gateway.heard("snapshot").length,
      0,
    );
  });

  it("prints the task as JSON, and nothing else, for scripts", async () => {
    await using gateway = await taking(begins);
    const { stdout, stderr } = await here.run(gateway, "run", "Fix it", "--json");
    assert.deepEqual([JSON.parse(stdout.toString("utf8")), stderr], [begins, ""]);
  });

  it("reads the prompt from stdin where none is given", async () => {
    await using gateway = await taking(begins);
    await here.pipe(gateway, "Fix\nall of it\n", "run");
    await here.pipe(gateway, "Fix that", "run", "-");
    assert.deepEqual(
      bodies(gateway).map((body) => (body as { prompt?: string }).prompt),
      ["Fix\nall of it", "Fix that"],
    );
    const { exitCode, stderr } = await here.pipe(gateway, "", "run");
    assert.equal(exitCode, 2);
    assert.match(stderr, /What is to be done\?/);
  });

  describe("while a pause holds it", () => {
    const pause = aPause({ id: "pause1", until: Date.now() + 2 * HOUR_MS });
    const holding = () =>
      startScriptedGateway(
        {},
        {
          handlers: {
            addTask: (body) => {
              if ((body as { whenPaused: string }).whenPaused !== "refuse") return { task: begins, session: null };
              throw new TallyError("paused", "It is held.", { pause });
            },
          },
        },
      );

    it("exits with 75, and says until when and what can be done", async () => {
      await using gateway = await holding();
      const { exitCode, stderr } = await here.run(gateway, "run", "Fix it", "--agent", "claude");
      assert.equal(exitCode, 75);
      assert.match(stderr, /^Paused: Claude Code$/m);
      assert.match(stderr, /^Begin when it ends: {2}tally run --wait 'Fix it' --agent claude$/m);
      assert.match(stderr, /^Begin anyway: {8}tally run --force 'Fix it' --agent claude$/m);
    });

    it("waits for it, or begins anyway, where that is said; the queue always waits", async () => {
      await using gateway = await holding();
      for (const words of [
        ["run", "x", "--wait"],
        ["run", "x", "--force"],
        ["queue", "add", "x"],
      ]) {
        assert.equal((await here.run(gateway, ...words)).exitCode, 0);
      }
      const asked = gateway.heard("addTask") as { whenPaused: string; at: string }[];
      assert.deepEqual(
        asked.map(({ whenPaused, at }) => `${whenPaused} ${at}`),
        ["wait first", "start first", "wait last"],
      );
    });
  });

  describe("--follow", () => {
    it("prints what the agent says on stdout, and all else on stderr", async () => {
      await using gateway = await taking(begins, (client) => {
        client.tell({ entries: [], task: waitingFor({}) });
        client.tell({ entries: [], task: running });
        client.tell({ entries: [{ kind: "tool", text: "Bash: npm test" }, ...says("Looking.")], task: running });
        client.tell({ entries: [{ kind: "error", text: "Exit code 1" }, ...says("Fixed.")], task: running });
        client.tell({ entries: [], task: done });
        client.leave("closed");
      });
      const { exitCode, stdout, stderr } = await here.run(gateway, "run", "Fix it", "--follow");
      assert.deepEqual([exitCode, stdout.toString("utf8")], [0, "Looking.\nFixed.\n"]);
      assert.equal(
        stderr,
        [
          `[Tally] Task ${SHORT} (Fix it)`,
          "[Tally] Waits: 3 tasks run already",
          "[Tally] It begins.",
          "· Bash: npm test",
          "! Exit code 1",
          "[Tally] Done in 1 min.",
          "",
        ].join("\n"),
      );
    });

    it("prints a result that the agent did not say before", async () => {
      await using gateway = await taking(begins, (client) => client.tell({ entries: says("Hm."), task: done }));
      const { stdout } = await here.run(gateway, "run", "Fix it", "--follow");
      assert.equal(stdout.toString("utf8"), "Hm.\nFixed.\n");
    });

    it("goes on where it was after a gateway was lost, and repeats nothing", async () => {
      let connections = 0;
      await using gateway = await taking(begins, (client) => {
        connections += 1;
        if (connections === 1) {
          client.tell({ entries: says("one", "two"), task: running });
          setImmediate(() => client.leave("killed"));
        } else client.tell({ entries: says("one", "two", "Fixed."), task: done });
      });
      const { exitCode, stdout } = await here.run(gateway, "run", "Fix it", "--follow");
      assert.deepEqual([exitCode, connections, stdout.toString("utf8")], [0, 2, "one\ntwo\nFixed.\n"]);
    });

    it("says why it failed and how to try again, and exits with 1", async () => {
      const failed: Task = { ...running, state: "ERROR", endedAt: 61_000, error: "The API is overloaded." };
      await using gateway = await taking(begins, (client) => client.tell({ entries: [], task: failed }));
      const { exitCode, stderr } = await here.run(gateway, "run", "Fix it", "--follow");
      assert.equal(exitCode, 1);
      assert.match(stderr, /^\[Tally\] Failed after 1 min: The API is overloaded\.$/m);
      assert.match(stderr, new RegExp(`^Try it again: {2}tally queue retry ${SHORT}$`, "m"));
    });

    it("prints one JSON object a line with --json", async () => {
      await using gateway = await taking(begins, (client) => {
        client.tell({ entries: [], task: running });
        client.tell({ entries: says("Fixed."), task: running });
        client.tell({ entries: [], task: done });
      });
      const { stdout } = await here.run(gateway, "run", "Fix it", "--follow", "--json");
      const lines = stdout.toString("utf8").trimEnd().split("\n");
      assert.deepEqual(
        lines.map((line) => JSON.parse(line) as unknown),
        [
          { type: "task", task: running },
          { type: "output", kind: "text", text: "Fixed." },
          { type: "task", task: done },
        ],
      );
    });

    it("shows nothing of what a terminal would act on", async () => {
      await using gateway = await taking(begins, (client) =>
        client.tell({ entries: says("a\x1b[2Jb\nc"), task: done }),
      );
      using terminal = here.inTerminal(gateway, ["run", "Fix it", "--follow"]);
      assert.equal((await terminal.exited).exitCode, 0);
      await terminal.screen.untilShows(/^a \[2Jb\nc$/m);
    });

    it("counts down on a terminal what it waits for, in one line", async () => {
      let follower: OutputClient | undefined;
      const wait = { kind: "pause", text: "Claude Code is paused.", until: Date.now() + HOUR_MS } as const;
      await using gateway = await taking(begins, (client) => {
        follower = client;
        client.tell({ entries: [], task: waitingFor(wait) });
      });
      using terminal = here.inTerminal(gateway, ["run", "Fix it", "--follow"]);
      await terminal.screen.untilShows(/^\[Tally\] Waits: Claude Code is paused: 59 min \d+ s left$/m);
      follower?.tell({ entries: says("Fixed."), task: done });
      assert.equal((await terminal.exited).exitCode, 0);
      await terminal.screen.untilShows(/\(Fix it\)\nFixed\.\n\[Tally\] Done/);
    });

    it("cancels at Ctrl-C, waits until its processes have ended, and exits with 130", async () => {
      let follower: OutputClient | undefined;
      await using gateway = await startScriptedGateway(
        {},
        {
          handlers: {
            addTask: () => ({ task: begins, session: null }),
            cancelTask: () => {
              follower?.tell({ entries: [], task: cancelled });
              return { task: cancelled, session: null };
            },
          },
          taskOutput: (client) => {
            follower = client;
            client.tell({ entries: says("Looking."), task: running });
          },
        },
      );
      using terminal = here.inTerminal(gateway, ["run", "Fix it", "--follow"]);
      await terminal.screen.untilShows("Looking.");
      terminal.type(INTERRUPT);
      assert.equal((await terminal.exited).exitCode, 130);
      await terminal.screen.untilShows(
        /Cancelling\. Ctrl-C once more leaves that to the gateway\.\n\[Tally\] Cancelled/,
      );
    });

    it("leaves that to the gateway at the second Ctrl-C", async () => {
      await using gateway = await taking(begins, (client) => client.tell({ entries: says("Looking."), task: running }));
      using terminal = here.inTerminal(gateway, ["run", "Fix it", "--follow"]);
      await terminal.screen.untilShows("Looking.");
      terminal.type(INTERRUPT);
      await terminal.screen.untilShows("Cancelling.");
      terminal.type(INTERRUPT);
      assert.equal((await terminal.exited).exitCode, 130);
      await terminal.screen.untilShows(`The gateway goes on cancelling it. What became of it: tally task ${SHORT}`);
    });

    it("of a task that runs already looks away at Ctrl-C, and leaves it alone", async () => {
      await using gateway = await taking(begins, (client) => client.tell({ entries: says("Looking."), task: running }));
      using terminal = here.inTerminal(gateway, ["task", "follow", ID]);
      await terminal.screen.untilShows("Looking.");
      terminal.type(INTERRUPT);
      assert.equal((await terminal.exited).exitCode, 130);
      await terminal.screen.untilShows(`It goes on. Follow it again: tally task follow ${SHORT}`);
      assert.deepEqual(gateway.heard("cancelTask"), []);
    });
  });

  describe("--new", () => {
    const steps = [aStep({ state: "running" })];
    const place = { id: "w1", name: "pay", path: "/home/me/shop-pay", status: "adding" } as const;
    const allDone = [aStep({ state: "done", detail: "Branch pay, from main" })];

    it("has a worktree made, and hands the task over at once: it waits until that is ready", async () => {
      await using gateway = await startScriptedGateway(
        {},
        {
          handlers: {
            addWorktree: (body) => ({ worktree: underWay(body, place, { steps }), project: aProject() }),
            addTask: () => ({
              task: waitingFor({ kind: "worktree", text: "Worktree pay is being made." }),
              session: null,
            }),
          },
        },
      );
      const { exitCode, stderr } = await here.run(gateway, "run", "Fix it", "--new", "pay", "--from", "main");
      assert.equal(exitCode, 0);
      assert.match(stderr, new RegExp(`^Task ${SHORT} waits: Worktree pay is being made\\. Follow it`));
      const [made] = gateway.heard("addWorktree") as Record<string, unknown>[];
      assert.deepEqual([made?.["name"], made?.["from"], made?.["agent"]], ["pay", "main", null]);
      assert.deepEqual(bodies(gateway)[0]?.["place" as never], { worktreeId: "w1" });
    });

    it("shows the worktree's steps, then what the task does", async () => {
      let begun = aWorktree();
      let follower: OutputClient | undefined;
      await using gateway: ScriptedGateway = await startScriptedGateway(
        {},
        {
          handlers: {
            addWorktree: (body) => {
              begun = underWay(body, place, { steps });
              gateway.changeWorktree(begun);
              return { worktree: begun, project: aProject() };
            },
            addTask: () => ({ task: begins, session: null }),
          },
          taskOutput: (client) => {
            follower = client;
            client.tell({ entries: [], task: waitingFor({ kind: "worktree", text: "Worktree pay is being made." }) });
          },
        },
      );
      using terminal = here.inTerminal(gateway, ["run", "Fix it", "--new", "pay", "--follow"]);
      await terminal.screen.untilShows(/^. Check out$/m);
      gateway.changeWorktree(later(begun, { status: "ready" }, { steps: allDone, state: "done" }));
      await terminal.screen.untilShows(/^✓ Check out: Branch pay, from main$/m);
      follower?.tell({ entries: says("Fixed."), task: done });
      assert.equal((await terminal.exited).exitCode, 0);
      await terminal.screen.untilShows(/^✓ Check out: Branch pay, from main\nFixed\.\n\[Tally\] Done/m);
    });

    it("undoes the worktree when the task is refused", async () => {
      const refuse = (): never => {
        throw new TallyError("agent-not-headless", "It takes no work without a terminal.");
      };
      await using gateway: ScriptedGateway = await startScriptedGateway(
        {},
        {
          handlers: {
            addWorktree: (body) => {
              const begun = underWay(body, place, { steps });
              gateway.changeWorktree(begun);
              return { worktree: begun, project: aProject() };
            },
            addTask: refuse,
            cancelWorktree: () => {
              const asked = gateway.heard("addWorktree")[0];
              setImmediate(() => gateway.removeWorktree("w1"));
              return { worktree: underWay(asked, place, { steps, state: "cancelled" }) };
            },
          },
        },
      );
      const { exitCode, stderr } = await here.run(gateway, "run", "Fix it", "--new", "pay");
      assert.equal(exitCode, 1);
      assert.match(stderr, /^tally run: It takes no work without a terminal\.$/m);
      assert.equal(gateway.heard("cancelWorktree").length, 1);
    });

    it("makes no worktree for an agent that is not there", async () => {
      const checkLaunch = (): never => {
        throw new TallyError("agent-unknown", 'There is no agent "nosuch".');
      };
      await using gateway = await startScriptedGateway({}, { handlers: { checkLaunch } });
      const { exitCode } = await here.run(gateway, "run", "Fix it", "--new", "pay", "--agent", "nosuch");
      assert.deepEqual([exitCode, gateway.heard("addWorktree")], [2, []]);
    });
  });

  describe("the queue", () => {
    const alpha = aRun({ id: "claude-1795279163832-aaaaaaaa1", title: "Alpha" });
    const bravo = aRun({ id: "claude-1795279163833-bbbbbbbb2", title: "Bravo" });
    const failedOne: Task = { ...bravo, state: "ERROR", position: null, endedAt: Date.now() };
    const queueing = (tasks: readonly Task[], ended: readonly Task[] = []) =>
      startScriptedGateway(
        {},
        {
          handlers: {
            queue: () => ({ tasks: [...tasks] }),
            listTasks: () => ({ tasks: [...ended], nextCursor: null }),
            moveTask: (_, id) => ({ task: { ...alpha, id }, session: null }),
            cancelTask: (_, id) => ({ task: { ...cancelled, id }, session: null }),
            retryTask: (_, id) => ({ task: { ...begins, id }, session: null }),
          },
        },
      );

    it("is listed, and says how to add to it when it is empty", async () => {
      await using gateway = await queueing([alpha]);
      assert.match((await here.run(gateway, "queue")).stdout.toString("utf8"), /^1 {2}aaaaaaaa1 {2}queued .* Alpha/m);
      const { stdout } = await here.run(gateway, "queue", "list", "--json");
      assert.deepEqual(JSON.parse(stdout.toString("utf8")), [alpha]);
      await using empty = await queueing([]);
      const { exitCode, stderr } = await here.run(empty, "queue");
      assert.equal(exitCode, 0);
      assert.match(stderr, /Add one with: tally queue add "<prompt>"/);
    });

    it("takes a file of tasks in its order, also before all others", async () => {
      await writeFile(join(here.cwd, "tasks.txt"), "one\ntwo\n");
      await using gateway = await taking(begins);
      const { stderr } = await here.run(gateway, "queue", "add", "--file", "tasks.txt");
      await here.run(gateway, "queue", "add", "--file", "tasks.txt", "--first");
      assert.equal(stderr, "2 tasks begin. See them: tally queue\n");
      const asked = gateway.heard("addTask") as { prompt: string; at: string }[];
      assert.deepEqual(
        asked.map(({ prompt, at }) => `${prompt} ${at}`),
        ["one last", "two last", "two first", "one first"],
      );
    });

    it("moves a task beside another, both named as they are listed", async () => {
      await using gateway = await queueing([alpha, bravo]);
      const { stderr } = await here.run(gateway, "queue", "move", "aaaaaaaa1", "after", "bravo");
      assert.equal(stderr, "aaaaaaaa1 (Alpha) is now number 2 of 2.\n");
      assert.deepEqual(gateway.heard("moveTask"), [{ after: bravo.id }]);
    });

    it("moves nothing that does not wait", async () => {
      await using gateway = await queueing([{ ...running, title: "Works" }, alpha], [failedOne]);
      const { exitCode, stderr } = await here.run(gateway, "queue", "move", "works", "last");
      assert.equal(exitCode, 1);
      assert.match(stderr, /\(Works\) does not wait in the queue: it is running\./);
      assert.match((await here.run(gateway, "queue", "move", "Bravo", "up")).stderr, /it is failed\./);
    });

    it("gives up several, and says of one that is refused why", async () => {
      await using gateway = await startScriptedGateway(
        {},
        {
          handlers: {
            queue: () => ({ tasks: [alpha, bravo] }),
            getTask: () => ({ task: { ...alpha, state: "DONE", endedAt: null }, session: null }),
            cancelTask: (_, id) => {
              if (id === alpha.id) throw new TallyError("task-ended", "It has ended already.");
              return { task: { ...cancelled, id, title: "Bravo" }, session: null };
            },
          },
        },
      );
      const { exitCode, stderr } = await here.run(gateway, "queue", "remove", "alpha", "bravo");
      const refused = "tally queue: aaaaaaaa1 (Alpha) was done. Queue it again: tally queue retry aaaaaaaa1";
      assert.deepEqual([exitCode, stderr], [1, `${refused}\nCancelled bbbbbbbb2 (Bravo).\n`]);
    });

    it("tries again what has failed, with this environment", async () => {
      await using gateway = await queueing([], [failedOne]);
      assert.equal((await here.run(gateway, "queue", "retry", "Bravo")).exitCode, 0);
      assert.equal((await here.run(gateway, "queue", "retry", "--failed")).exitCode, 0);
      const asked = gateway.heard("retryTask") as { env: Record<string, string> }[];
      assert.deepEqual(
        asked.map(({ env }) => env["HOME"]),
        [here.cwd, here.cwd],
      );
    });

    it("refuses a word that is no action", async () => {
      await using gateway = await queueing([]);
      const { exitCode, stderr } = await here.run(gateway, "queue", "ad", "x");
      assert.equal(exitCode, 2);
      assert.match(stderr, /There is no action "ad"\. Did you mean: add\?/);
    });
  });

  it("counts tasks in the status, and the list says where to see them", async () => {
    await using gateway = await startScriptedGateway({}, { tasks: [begins, running, done] });
    assert.match(
      (await here.run(gateway, "status")).stdout.toString("utf8"),
      /^tasks {6}1 running, 1 queued: tally queue$/m,
    );
    const status = (await here.run(gateway, "status", "--json")).stdout.toString("utf8");
    assert.deepEqual((JSON.parse(status) as { tasks: unknown }).tasks, { RUNNING: 1, QUEUED: 1 });
    assert.match(
      (await here.run(gateway, "list")).stderr,
      /^Tasks: 1 running, 1 queued\. See them with: tally queue$/m,
    );
  });

  it("hands over from inside a session too", async () => {
    await using gateway = await taking(begins);
    const inside = { ...gateway, env: { ...gateway.env, TALLY_SESSION_ID: "s1" } };
    assert.equal((await here.run(inside, "run", "Fix it")).exitCode, 0);
  });

  it("leaves a word that means no task to the gateway, which refuses it", async () => {
    const cancelTask = (_: unknown, id: string): never => {
      throw new TallyError("task-not-found", `There is no task ${id}.`);
    };
    const nothing = { queue: () => ({ tasks: [] }), listTasks: () => ({ tasks: [], nextCursor: null }) };
    await using gateway = await startScriptedGateway({}, { handlers: { ...nothing, cancelTask } });
    const { exitCode, stderr } = await here.run(gateway, "task", "cancel", "harbour");
    assert.deepEqual([exitCode, stderr], [1, "tally task: There is no task harbour.\n"]);
  });

  it("shows one task in full, by a word of its title", async () => {
    await using gateway = await startScriptedGateway(
      {},
      {
        handlers: {
          queue: () => ({ tasks: [] }),
          listTasks: () => ({ tasks: [done], nextCursor: null }),
          getTask: () => ({ task: done, session: null }),
        },
      },
    );
    const { stdout } = await here.run(gateway, "task", "fix it");
    assert.match(
      stdout.toString("utf8"),
      new RegExp(`^title +Fix it\nid +${ID}\nstate +done$[^]*^result\n│ Fixed\\.$`, "m"),
    );
    const json = (await here.run(gateway, "task", SHORT, "--json")).stdout.toString("utf8");
    assert.deepEqual(JSON.parse(json), { task: done, session: null });
  });
});
