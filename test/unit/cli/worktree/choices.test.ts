import assert from "node:assert/strict";
import { readWish } from "../../../../src/cli/commands/add.ts";
import { choose } from "../../../../src/cli/commands/process.ts";
import { worktreesOf } from "../../../../src/cli/commands/resume-worktrees.ts";
import { plain } from "../../../../src/cli/screen/style.ts";
import { UsageError } from "../../../../src/cli/usage.ts";
import { projectIdHere } from "../../../../src/cli/worktree/project-here.ts";
import { exitCodeOfResumed, formatResumed, type ResumedWorktree } from "../../../../src/cli/worktree/resume-text.ts";
import { aContinuation, aProcess, aProject, aSession, aWorktree } from "../../../support/entities.ts";

describe("the command line of tally add", () => {
  it("names the worktree, and leaves to the gateway what it does not say", () => {
    assert.deepEqual(readWish(["pay"]), {
      wish: { name: "pay", args: [], origin: "cli", skipCommands: false },
      isTrusted: false,
      json: false,
    });
  });

  it("says what the branch begins from, which agent starts and what that is told", () => {
    const { wish } = readWish(["pay", "--from", "main", "--agent", "codex", "--persona", "work", "--prompt", "Go"]);
    assert.deepEqual(
      [wish.from, wish.agent, wish.persona, wish.prompt, wish.name],
      ["main", "codex", "work", "Go", "pay"],
    );
  });

  it("gives the agent all behind --", () => {
    assert.deepEqual(readWish(["pay", "--", "--model", "opus", "--", "x"]).wish.args, ["--model", "opus", "--", "x"]);
  });

  it("says of a name with a dash before it what is wrong with the name", () => {
    assert.throws(() => readWish(["-x"]), /"-x" begins with -, as an option does/);
  });

  it("starts no agent when told so", () => {
    assert.equal(readWish(["pay", "--no-agent"]).wish.agent, null);
  });

  it("refuses what contradicts itself", () => {
    for (const args of [
      ["pay", "--no-agent", "--agent", "codex"],
      ["pay", "--no-agent", "--prompt", "Go"],
      ["pay", "--no-agent", "--persona", "work"],
      ["pay", "--no-agent", "--", "-p"],
      ["pay", "--prompt", " "],
      ["pay", "more"],
      [],
    ]) {
      assert.throws(() => readWish(args), UsageError, args.join(" "));
    }
  });
});

describe("the processes that are meant", () => {
  const processes = [
    aProcess({ id: "1", name: "backend" }),
    aProcess({ id: "2", name: "frontend" }),
    aProcess({ id: "3", name: "setup", kind: "setup" }),
  ];
  const names = (name: string | undefined, isForAll = false) =>
    choose(processes, name, { isForAll, worktree: "pay" }).map((process) => process.name);

  it("are all that run all the time, where none is named", () => {
    assert.deepEqual(
      [names(undefined), names(undefined, true)],
      [
        ["backend", "frontend"],
        ["backend", "frontend"],
      ],
    );
  });

  it("are the one that is named; of a setup command there is only output", () => {
    assert.deepEqual(names("frontend"), ["frontend"]);
    assert.deepEqual(names("setup", true), ["setup"]);
    assert.throws(() => names("setup"), /no process called "setup"\. There is: backend, frontend\./);
  });

  it("are said to be none where tally.json names none", () => {
    assert.throws(() => choose([], undefined, { isForAll: false, worktree: "pay" }), /tally\.json names them/);
  });
});

describe("the project of a folder", () => {
  const known = {
    projects: [aProject({ id: "shop", path: "/home/me/shop" }), aProject({ id: "inner", path: "/home/me/shop/inner" })],
    worktrees: [aWorktree({ projectId: "shop", path: "/home/me/shop-pay" })],
  };

  it("is found from its main checkout, any folder in it, and its worktrees", () => {
    for (const folder of ["/home/me/shop", "/home/me/shop/src/cart", "/home/me/shop-pay", "/home/me/shop-pay/src"]) {
      assert.equal(projectIdHere(known, folder), "shop", folder);
    }
  });

  it("is the nearest one", () => {
    assert.equal(projectIdHere(known, "/home/me/shop/inner/src"), "inner");
  });

  it("is no plain folder around, which may hold repositories that are not known", () => {
    const home = { projects: [aProject({ id: "home", path: "/home/me", commonDir: null })], worktrees: [] };
    assert.equal(projectIdHere(home, "/home/me/new"), null);
  });

  it("is none outside of all, however alike the names are", () => {
    for (const folder of ["/home/me", "/home/me/shop-payment", "/"]) assert.equal(projectIdHere(known, folder), null);
  });
});

describe("the worktrees that are resumed", () => {
  it("are those that Tally looks after and that are whole, of one project or of all", () => {
    const projects = [aProject({ id: "p1" }), aProject({ id: "p2" })];
    const worktrees = [
      aWorktree({ id: "a", projectId: "p1" }),
      aWorktree({ id: "b", projectId: "p2" }),
      aWorktree({ id: "seen", projectId: "p1", status: "seen" }),
      aWorktree({ id: "broken", projectId: "p1", status: "broken" }),
    ];
    const ids = (projectId: string | null) =>
      worktreesOf({ worktrees, projects }, projectId).map(({ worktree }) => worktree.id);
    assert.deepEqual([ids("p1"), ids(null), ids("")], [["a"], ["a", "b"], []]);
  });
});

describe("what came back", () => {
  const resumed = (fields: Partial<ResumedWorktree> = {}): ResumedWorktree => ({
    worktree: aWorktree(),
    sessions: [],
    processes: [],
    ...fields,
  });
  const surface = { style: plain, width: null, nowMs: 0, timeZone: "UTC" };
  const held = {
    session: aSession({ title: "shop-pay", state: "PAUSED", pid: 1, continuation: aContinuation({ at: 3_600_000 }) }),
    outcome: "held" as const,
    why: "A limit holds it.",
  };

  it("is told with what ran already, what is held until when, and what failed why", () => {
    const lines = formatResumed(
      resumed({
        processes: [
          { process: aProcess(), outcome: "started", why: null },
          { process: aProcess({ name: "frontend" }), outcome: "failed", why: "Port 5000 is taken." },
        ],
        sessions: [{ session: aSession(), outcome: "running", why: null }, held],
      }),
      surface,
    );
    assert.deepEqual(lines, [
      "feature-payment",
      "  ✓  backend       started       http://localhost:8000",
      "  ✗  frontend      failed        Port 5000 is taken.",
      "  ·  Fix the cart  runs already  session1",
      "  –  shop-pay      held          resumes at 01:00, in 1 h",
    ]);
  });

  it("exits with 75 only if all of it is held, and with 1 when something failed", () => {
    const started = { process: aProcess(), outcome: "started" as const, why: null };
    const failed = { ...started, outcome: "failed" as const };
    assert.deepEqual(
      [
        exitCodeOfResumed([resumed({ sessions: [held] })]),
        exitCodeOfResumed([resumed({ sessions: [held], processes: [started] })]),
        exitCodeOfResumed([resumed({ sessions: [held] }), resumed({ processes: [failed] })]),
        exitCodeOfResumed([resumed()]),
      ],
      [75, 0, 1, 0],
    );
  });
});
