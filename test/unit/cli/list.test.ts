import assert from "node:assert/strict";
import { describeCandidates } from "../../../src/cli/commands/candidates.ts";
import { chooseSessions, chooseWaiting, formatList, ofProject } from "../../../src/cli/commands/list.ts";
import { countLive, describeCounts } from "../../../src/cli/commands/status.ts";
import { formatWaiting } from "../../../src/cli/screen/session-table.ts";
import { plain } from "../../../src/cli/screen/style.ts";
import type { Session } from "../../../src/protocol/entities.ts";
import type { Snapshot } from "../../../src/protocol/events.ts";
import {
  aContinuation,
  anOperation,
  aProcess,
  aProject,
  aReason,
  aRequest,
  aSession,
  aWorktree,
} from "../../support/entities.ts";

const aSnapshot: Snapshot = {
  storeId: "s",
  seq: 1,
  projects: [],
  worktrees: [],
  processes: [],
  sessions: [],
  tasks: [],
  accounts: [],
  pauses: [],
};
const nothing = { projects: [], worktrees: [], processes: [] };
const ended = (id: string, endedAt: number) => aSession({ id, state: "DONE", endedAt, title: id });

describe("the list of sessions", () => {
  it("shows those that wait for a person first, and the younger before the older", () => {
    const { shown } = chooseSessions(
      [
        aSession({ id: "old", state: "RUNNING", createdAt: 1 }),
        aSession({ id: "young", state: "RUNNING", createdAt: 2 }),
        aSession({ id: "idle", state: "IDLE" }),
        aSession({ id: "waiting", state: "WAITING_USER" }),
        ended("ended", 5),
      ],
      false,
    );
    assert.deepEqual(
      shown.map(({ id }) => id),
      ["waiting", "idle", "young", "old", "ended"],
    );
  });

  it("shows only the last few of the ended ones, and says how many more there are", () => {
    const sessions = [1, 2, 3, 4, 5].map((at) => ended(`e${at}`, at));
    const { shown, hidden } = chooseSessions(sessions, false);
    assert.deepEqual([shown.map(({ id }) => id).sort(), hidden], [["e3", "e4", "e5"], 2]);
  });

  it("shows all of them when asked to", () => {
    const sessions = [1, 2, 3, 4, 5].map((at) => ended(`e${at}`, at));
    assert.deepEqual([chooseSessions(sessions, true).shown.length, chooseSessions(sessions, true).hidden], [5, 0]);
  });

  it("counts a live session whose turn failed among the live", () => {
    const failed = aSession({ id: "failed", state: "ERROR", endedAt: null });
    const { shown } = chooseSessions([failed, ...[1, 2, 3].map((at) => ended(`e${at}`, at))], false);
    assert.equal(shown[0]?.id, "failed");
    assert.equal(shown.length, 4);
  });

  it("is grouped by project, the most urgent project first", () => {
    const shop = aProject({ id: "p1", name: "shop", path: "/shop" });
    const harbour = aProject({ id: "p2", name: "harbour", path: "/harbour" });
    const sessions = [
      aSession({
        id: "b",
        projectId: "p2",
        state: "WAITING_USER",
        title: "Lights",
        stateSince: 60_000,
        request: aRequest(),
      }),
      aSession({ id: "a", projectId: "p1", state: "RUNNING", title: "Cart", stateSince: 0 }),
    ];
    assert.deepEqual(
      formatList({ ...nothing, projects: [shop, harbour] }, sessions, { style: plain, width: null, nowMs: 120_000 }),
      [
        "harbour  /harbour",
        "  ID  STATE    SINCE  AGENT   TITLE",
        "  b   waiting  1m     claude  Lights · Bash: touch x",
        "",
        "shop  /shop",
        "  ID  STATE    SINCE  AGENT   TITLE",
        "  a   running  2m     claude  Cart",
      ],
    );
  });

  it("begins with the project that the person stands in", () => {
    const projects = [aProject({ id: "p1", name: "shop" }), aProject({ id: "p2", name: "harbour" })];
    const sessions = [aSession({ id: "a", projectId: "p1" }), aSession({ id: "b", projectId: "p2" })];
    const headings = (projectId: string | null) =>
      formatList({ ...nothing, projects }, sessions, { style: plain, width: null, nowMs: 0 }, projectId)
        .filter((line) => /^\w/.test(line))
        .map((line) => line.split(" ")[0]);
    assert.deepEqual(
      [headings("p2"), headings(null)],
      [
        ["harbour", "shop"],
        ["shop", "harbour"],
      ],
    );
  });

  it("is that of one project where only it is asked for", () => {
    const snapshot = {
      ...aSnapshot,
      projects: [aProject({ id: "p1" }), aProject({ id: "p2" })],
      worktrees: [aWorktree({ projectId: "p1" }), aWorktree({ projectId: "p2" })],
      processes: [aProcess({ projectId: "p2" })],
      sessions: [aSession({ projectId: "p1" })],
    };
    const counts = ({ projects, worktrees, processes, sessions }: Snapshot) =>
      [projects, worktrees, processes, sessions].map(({ length }) => length);
    assert.deepEqual(
      [counts(ofProject(snapshot, "p1")), counts(ofProject(snapshot, null))],
      [
        [1, 1, 0, 1],
        [0, 0, 0, 0],
      ],
    );
  });

  it("leaves out, and does not count, what went with a removed worktree, but for all", () => {
    const sessions = [ended("e1", 1), { ...ended("away", 9), archivedAt: 9 }];
    const { shown, hidden } = chooseSessions(sessions, false);
    assert.deepEqual([shown.map(({ id }) => id), hidden], [["e1"], 0]);
    assert.equal(chooseSessions(sessions, true).shown.length, 2);
    const waiting = aSession({ state: "WAITING_USER", archivedAt: 9 });
    assert.deepEqual([chooseWaiting([waiting]), countLive([waiting])], [[], {}]);
  });

  it("says whole in a narrow terminal what is broken and what to type, whatever gives way", () => {
    const step = { id: "setup" as const, label: "Set up", state: "failed" as const, detail: null, processId: null };
    const worktree = aWorktree({
      status: "broken",
      operation: anOperation({ state: "failed", steps: [step] }),
      ports: [
        { name: "backend", port: 8001 },
        { name: "frontend", port: 5001 },
      ],
    });
    const shown = (width: number) =>
      formatList({ ...nothing, projects: [aProject()], worktrees: [worktree] }, [], {
        style: plain,
        width,
        nowMs: 0,
      }).slice(1);
    const words = "making it failed at: Set up";
    assert.deepEqual(shown(80), [`  feature-payment  ${words} · tally repair feature-payment`]);
    assert.deepEqual(shown(40), ["  feature-payment", `    ${words}`, "    tally repair feature-payment"]);
  });

  it("shows of the paused ones those that stay so first, then those that go on soonest", () => {
    const paused = (id: string, continuation: Session["continuation"], createdAt: number) =>
      aSession({ id, state: "PAUSED", pid: 1, continuation, createdAt });
    const { shown } = chooseSessions(
      [
        paused("unknown", aContinuation({ at: null }), 4),
        paused("later", aContinuation({ at: 9 }), 3),
        paused("sooner", aContinuation({ at: 5 }), 2),
        paused("stays", aContinuation({ status: "cancelled" }), 1),
      ],
      false,
    );
    assert.deepEqual(
      shown.map(({ id }) => id),
      ["stays", "sooner", "later", "unknown"],
    );
  });

  it("shows an ended session that is to be brought back, however many ended since", () => {
    const back = { ...ended("back", 1), state: "PAUSED" as const, continuation: aContinuation() };
    const { shown } = chooseSessions([back, ...[2, 3, 4].map((at) => ended(`e${at}`, at))], false);
    assert.deepEqual([shown.length, shown.some(({ id }) => id === "back")], [4, true]);
  });

  it("says when a paused session goes on, and no more once it has", () => {
    const row = (fields: Partial<Session>) =>
      formatList(nothing, [aSession({ id: "a", state: "PAUSED", stateSince: 0, pid: 1, ...fields })], {
        style: plain,
        width: null,
        nowMs: 0,
        timeZone: "UTC",
      }).at(-1);
    assert.equal(
      row({ continuation: aContinuation({ at: 3_600_000 }) }),
      "  a   paused  0s     claude  Fix the cart · resumes at 01:00, in 1 h",
    );
    const resumed = aContinuation({ status: "resumed", at: 0 });
    assert.equal(row({ state: "RUNNING", continuation: resumed }), "  a   running  0s     claude  Fix the cart");
  });

  it("names the persona with its agent", () => {
    const lines = formatList(nothing, [aSession({ id: "a", stateSince: 0, persona: "work" })], {
      style: plain,
      width: null,
      nowMs: 0,
    });
    assert.equal(lines.at(-1), "  a   running  0s     claude, work  Fix the cart");
  });

  it("calls a state that is only guessed unknown", () => {
    const session = aSession({ id: "a", stateSince: 0, reason: aReason({ isUnknown: true }) });
    const lines = formatList(nothing, [session], { style: plain, width: null, nowMs: 0 });
    assert.equal(lines.at(-1), "  a   unknown  0s     claude  Fix the cart");
  });

  it("shows worktrees under their project, with what runs in them", () => {
    const standing = { branch: "pay", head: "1", against: "origin/pay", ahead: 2, behind: 1, dirty: 3, at: 0 };
    const ports = [
      { name: "backend", port: 8000 },
      { name: "frontend", port: 5000 },
    ];
    const worktrees = [
      aWorktree({ id: "w2", name: "cart", branch: "cart-2", createdAt: 2, status: "broken", operation: null }),
      aWorktree({ id: "w1", name: "pay", branch: "pay", createdAt: 1, standing, ports }),
      aWorktree({ id: "w0", name: "shop", status: "seen" }),
    ];
    const processes = [
      aProcess({ worktreeId: "w1" }),
      aProcess({ id: "p2", worktreeId: "w1", name: "frontend", state: "ERROR", reason: "It ended with exit code 1." }),
    ];
    const sessions = [
      aSession({ id: "a", worktreeId: "w1", stateSince: 0, title: "shop-pay" }),
      aSession({ id: "b", worktreeId: "w0", stateSince: 0 }),
    ];
    const lines = formatList({ projects: [aProject()], worktrees, processes }, sessions, {
      style: plain,
      width: null,
      nowMs: 0,
    });
    assert.deepEqual(lines, [
      "shop  /home/me/shop",
      "  ID  STATE    SINCE  AGENT   TITLE",
      "  b   running  0s     claude  Fix the cart",
      "  pay  ↑2 ↓1  3 changed  backend 8000, frontend 5000",
      "    backend   running  http://localhost:8000",
      "    frontend  failed   It ended with exit code 1.",
      "    a  running  0s  claude  shop-pay",
      "  cart  cart-2  what was done to it failed · tally repair cart",
    ]);
  });

  it("shows a project that only has worktrees", () => {
    const lines = formatList({ ...nothing, projects: [aProject()], worktrees: [aWorktree()] }, [], {
      style: plain,
      width: null,
      nowMs: 0,
    });
    assert.deepEqual(lines, ["shop  /home/me/shop", "  feature-payment"]);
  });

  it("has nothing to print when there is nothing", () => {
    assert.deepEqual(formatList(nothing, [], { style: plain, width: null, nowMs: 0 }), []);
  });
});

describe("the list of those that wait", () => {
  const waiting = (id: string, stateSince: number, fields: Partial<Session> = {}) =>
    aSession({ id, state: "WAITING_USER", stateSince, ...fields });

  it("holds nothing else, the longest waiting first", () => {
    const sessions = [waiting("short", 9), waiting("long", 2), aSession({ state: "IDLE" }), waiting("middle", 5)];
    assert.deepEqual(
      chooseWaiting(sessions).map(({ id }) => id),
      ["long", "middle", "short"],
    );
  });

  it("leaves out a session that ended while it waited", () => {
    assert.deepEqual(chooseWaiting([waiting("ended", 1, { endedAt: 2 })]), []);
  });

  it("says since when each waits and for what, whatever its project", () => {
    const sessions = [
      waiting("a", 0, { request: aRequest({ title: "Bash: rm x" }) }),
      waiting("b", 60_000, { projectId: "gone", reason: aReason({ text: "It shows a dialog." }) }),
    ];
    assert.deepEqual(formatWaiting(sessions, [aProject()], { style: plain, width: null, nowMs: 120_000 }), [
      "ID  SINCE  AGENT   PROJECT  TITLE         WAITS FOR",
      "a   2m     claude  shop     Fix the cart  Bash: rm x",
      "b   1m     claude  gone     Fix the cart  It shows a dialog.",
    ]);
  });

  it("leaves a long title little room, so that there is some for what is waited for", () => {
    const session = waiting("a", 0, { title: "long ".repeat(40), request: aRequest({ title: "Bash: rm x" }) });
    const [, row = ""] = formatWaiting([session], [aProject()], { style: plain, width: 100, nowMs: 0 });
    assert.ok(row.endsWith("long long …  Bash: rm x"), row);
  });
});

describe("the counts of tally status", () => {
  it("are of live sessions, the most urgent state first", () => {
    const sessions = [
      aSession({ state: "RUNNING" }),
      aSession({ state: "RUNNING" }),
      aSession({ state: "WAITING_USER" }),
      ended("e", 1),
    ];
    assert.equal(describeCounts(countLive(sessions), plain), "1 waiting, 2 running");
  });

  it("do not count a guess as knowledge", () => {
    const guessed = aSession({ state: "RUNNING", reason: aReason({ isUnknown: true }) });
    assert.equal(describeCounts(countLive([aSession(), guessed]), plain), "1 unknown, 1 running");
  });

  it("say so when nothing is live", () => {
    assert.equal(describeCounts(countLive([ended("e", 1)]), plain), "none live");
  });
});

describe("the candidates of an ambiguous id", () => {
  it("are listed one a line", () => {
    const candidates = [{ id: "ab1", title: "Fix\x1b[2J", agent: "claude", state: "IDLE" }];
    assert.equal(describeCandidates({ candidates }), "  ab1  claude  IDLE  Fix [2J");
  });

  it("are left out when the gateway names none", () => {
    assert.equal(describeCandidates(undefined), "");
  });
});
