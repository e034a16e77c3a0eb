import assert from "node:assert/strict";
import { describeCandidates } from "../../../src/cli/commands/candidates.ts";
import { chooseSessions, formatList } from "../../../src/cli/commands/list.ts";
import { formatSession } from "../../../src/cli/commands/show.ts";
import { countLive, describeCounts } from "../../../src/cli/commands/status.ts";
import { plain } from "../../../src/cli/screen/style.ts";
import { aProject, aSession, aTask } from "../../support/entities.ts";

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
      aSession({ id: "b", projectId: "p2", state: "WAITING_USER", title: "Lights", createdAt: 60_000 }),
      aSession({ id: "a", projectId: "p1", state: "RUNNING", title: "Cart", createdAt: 0 }),
    ];
    assert.deepEqual(
      formatList({ projects: [shop, harbour] }, sessions, { style: plain, width: null, nowMs: 120_000 }),
      [
        "harbour  /harbour",
        "  ID  STATE    AGENT   AGE  TITLE",
        "  b   waiting  claude  1m   Lights",
        "",
        "shop  /shop",
        "  ID  STATE    AGENT   AGE  TITLE",
        "  a   running  claude  2m   Cart",
      ],
    );
  });

  it("has nothing to print when there is nothing", () => {
    assert.deepEqual(formatList({ projects: [] }, [], { style: plain, width: null, nowMs: 0 }), []);
  });
});

describe("the details of a session", () => {
  it("say its state, since when, and why", () => {
    const session = aSession({
      state: "WAITING_USER",
      stateSince: 0,
      reason: { text: "approve Bash: rm", source: "program-status", at: 0 },
    });
    const lines = formatSession({ session, project: aProject(), tasks: [aTask()] }, plain, 180_000);
    assert.ok(lines.includes("state    waiting for 3m"), lines.join("\n"));
    assert.ok(lines.includes("why      approve Bash: rm (program-status, 3m ago)"), lines.join("\n"));
  });

  it("say how its process ended", () => {
    const session = aSession({ state: "ERROR", endedAt: 1, exitSignal: "SIGKILL" });
    const lines = formatSession({ session, project: aProject(), tasks: [] }, plain, 0);
    assert.ok(lines.includes("process  ended by SIGKILL"), lines.join("\n"));
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
