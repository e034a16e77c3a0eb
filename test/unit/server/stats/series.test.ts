import assert from "node:assert/strict";
import type { Session } from "../../../../src/protocol/entities.ts";
import { noUsage } from "../../../../src/protocol/usage.ts";
import { openDatabase } from "../../../../src/server/store/database.ts";
import { Stats } from "../../../../src/server/stats/stats.ts";
import { Store } from "../../../../src/server/store/store.ts";
import { anAccount, aProject, aQuota, aReason, aSession, aTask } from "../../../support/entities.ts";
import { tempFolder } from "../../../support/repositories.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const NOW = Date.parse("2026-11-21T12:00:00Z");
/** As many changes as make the store sweep. */
const MANY = 1_000;

describe("what is kept over time", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let store: Store;
  let stats: Stats;
  let now: number;
  beforeEach(async () => {
    folder = await tempFolder();
    now = NOW;
    store = new Store(openDatabase(`${folder.path}/state.db`), () => now);
    stats = new Stats({ store, now: () => NOW, timeZone: "UTC" });
    store.change((transaction) => transaction.putProject(aProject(), { givenName: null }));
  });
  afterEach(async () => {
    store.close();
    await folder.dispose();
  });

  const put = (...sessions: Session[]) =>
    store.change((transaction) => {
      for (const session of sessions) transaction.putSession(session);
    });
  const sweep = () =>
    store.change((transaction) => {
      for (let n = 0; n < MANY; n++) transaction.putProject(aProject(), { givenName: null });
    });

  describe("of a session's states", () => {
    const inState = (state: Session["state"], stateSince: number, fields: Partial<Session> = {}) =>
      aSession({ state, stateSince, createdAt: NOW - DAY_MS, ...fields });
    const spans = (since: number) =>
      stats
        .timeline({ since })
        .sessions.map(({ spans: all }) =>
          all.map(({ state, isUnknown, from }) => `${state}${isUnknown ? "?" : ""} ${NOW - from}`),
        );

    it("is each with its beginning, once", () => {
      put(inState("STARTING", NOW - 500), inState("RUNNING", NOW - 400), inState("RUNNING", NOW - 400, { title: "B" }));
      assert.deepEqual(spans(NOW - 1_000), [["STARTING 500", "RUNNING 400"]]);
    });

    it("begins with the one that it was in at first", () => {
      put(inState("STARTING", NOW - 500), inState("RUNNING", NOW - 400), inState("IDLE", NOW - 300));
      assert.deepEqual(spans(NOW - 350), [["RUNNING 400", "IDLE 300"]]);
    });

    it("has no state that lasted no time", () => {
      put(inState("RUNNING", NOW - 400), inState("IDLE", NOW - 300), inState("PAUSED", NOW - 300));
      assert.deepEqual(spans(0), [["RUNNING 400", "PAUSED 300"]]);
      put(inState("RUNNING", NOW - 300));
      assert.deepEqual(spans(0), [["RUNNING 400"]]);
    });

    it("never goes back in time", () => {
      put(inState("RUNNING", NOW - 400), inState("IDLE", NOW - 300), inState("RUNNING", NOW - 350));
      assert.deepEqual(spans(0), [["RUNNING 400"]]);
    });

    it("says from when on it is a guess", () => {
      put(inState("RUNNING", NOW - 400));
      put(inState("RUNNING", NOW - 400, { reason: { ...aReason(), isUnknown: true, at: NOW - 100 } }));
      assert.deepEqual(spans(0), [["RUNNING 400", "RUNNING? 100"]]);
    });

    it("is of the sessions that live, and of those that ended since then", () => {
      const ended = { id: "ended", endedAt: NOW - 600 } as const;
      put(inState("RUNNING", NOW - 900, { id: "ended" }), inState("DONE", NOW - 600, ended));
      put(inState("IDLE", NOW - 800, { id: "live" }));
      const known = (since: number) => stats.timeline({ since }).sessions.map((each) => [each.sessionId, each.endedAt]);
      assert.deepEqual(known(NOW - 600), [
        ["ended", NOW - 600],
        ["live", null],
      ]);
      assert.deepEqual(known(NOW - 599), [["live", null]]);
    });

    it("goes with the session", () => {
      put(inState("DONE", NOW - 300, { endedAt: NOW - 300 }));
      store.change((transaction) => transaction.removeSession("session1"));
      assert.deepEqual(spans(0), []);
    });

    it("is swept out when it is old, but for the state that it is still in", () => {
      put(inState("RUNNING", NOW - 20 * DAY_MS), inState("IDLE", NOW - 15 * DAY_MS));
      put(inState("DONE", NOW - 16 * DAY_MS, { id: "old", endedAt: NOW - 16 * DAY_MS }));
      sweep();
      assert.deepEqual(
        store.timelines(0).map(({ sessionId, spans: all }) => [sessionId, all.map(({ state }) => state)]),
        [["session1", ["IDLE"]]],
      );
    });

    it("is told no further back than it is kept", () => {
      assert.equal(stats.timeline({ since: 0 }).since, NOW - 14 * DAY_MS);
    });
  });

  describe("of an account's use", () => {
    const tell = (usedPercent: number, at: number, resetsAt: number | null = null) =>
      store.change((transaction) =>
        transaction.putAccount(anAccount({ quotas: [aQuota({ usedPercent, at, resetsAt })] })),
      );
    const samples = (since: number, accountId?: string) =>
      stats.quotas({ since, accountId }).samples.map(({ usedPercent, at }) => [usedPercent, NOW - at]);

    it("is what its agent told, where that was new", () => {
      tell(10, NOW - 3 * MINUTE_MS);
      tell(10, NOW - 2 * MINUTE_MS);
      tell(10, NOW - MINUTE_MS, NOW + DAY_MS);
      tell(12, NOW, NOW + DAY_MS);
      assert.deepEqual(samples(0), [
        [10, 3 * MINUTE_MS],
        [10, MINUTE_MS],
        [12, 0],
      ]);
    });

    it("is the last of each minute", () => {
      tell(10, NOW);
      tell(11, NOW + 20_000);
      tell(12, NOW + 59_999);
      tell(13, NOW + MINUTE_MS);
      assert.deepEqual(samples(0), [
        [12, -59_999],
        [13, -MINUTE_MS],
      ]);
    });

    it("is that since then, of the account that is asked for", () => {
      tell(10, NOW - 2 * MINUTE_MS);
      tell(11, NOW - MINUTE_MS);
      assert.deepEqual(samples(NOW - MINUTE_MS, anAccount().id), [[11, MINUTE_MS]]);
      assert.deepEqual(samples(0, "another"), []);
    });

    it("is swept out when it is old", () => {
      tell(10, NOW - 61 * DAY_MS);
      tell(11, NOW);
      sweep();
      assert.deepEqual(
        store.quotaSamples(0, undefined).map(({ usedPercent }) => usedPercent),
        [11],
      );
    });
  });

  describe("of the work done", () => {
    const prompt = (id: string, endedAt: number) =>
      aTask({ id, kind: "prompt", sessionId: "session1", state: "DONE", createdAt: endedAt - 10, endedAt });
    const work = (...ends: number[]) =>
      store.change((transaction) => {
        transaction.putSession(aSession({ createdAt: 0 }));
        for (const [n, endedAt] of ends.entries()) transaction.putTask(prompt(`task${n}`, endedAt));
      });
    const days = (query: Parameters<Stats["days"]>[0]) =>
      stats.days(query).days.map(({ day, done }) => `${day}: ${done}`);

    it("is told by the days of the time zone", () => {
      work(Date.parse("2026-11-20T22:59:00Z"), Date.parse("2026-11-20T23:00:00Z"), Date.parse("2026-11-20T18:29:00Z"));
      assert.deepEqual(days({ timeZone: "Europe/Berlin" }), ["2026-11-20: 2", "2026-11-21: 1"]);
      assert.deepEqual(days({ timeZone: "Asia/Kolkata" }), ["2026-11-20: 1", "2026-11-21: 2"]);
      assert.deepEqual(days({}), ["2026-11-20: 3"]);
    });

    it("counts each hour of the night once in which the clocks are put back", () => {
      const [first, second] = [Date.parse("2026-10-25T00:30:00Z"), Date.parse("2026-10-25T01:30:00Z")];
      work(first, second, Date.parse("2026-10-25T22:59:00Z"), Date.parse("2026-10-25T23:00:00Z"));
      assert.deepEqual(days({ timeZone: "Europe/Berlin" }), ["2026-10-25: 3", "2026-10-26: 1"]);
    });

    it("has the whole of the first day, and of 30 days where nobody says", () => {
      work(NOW - 2 * DAY_MS - 60 * MINUTE_MS, NOW - 29 * DAY_MS, NOW - 30 * DAY_MS);
      assert.deepEqual(days({ since: NOW - 2 * DAY_MS }), ["2026-11-19: 1"]);
      assert.deepEqual(days({}), ["2026-10-23: 1", "2026-11-19: 1"]);
    });

    it("is that of one agent or project where that is asked for", () => {
      work(NOW - 1_000);
      assert.deepEqual(days({ agent: "custom", projectId: "project1" }), ["2026-11-21: 1"]);
      assert.deepEqual(days({ agent: "claude" }), []);
      assert.deepEqual(days({ projectId: "project2" }), []);
    });

    it("stays when its session is removed", () => {
      work(NOW - 1_000);
      store.change((transaction) => transaction.removeSession("session1"));
      assert.deepEqual(days({}), ["2026-11-21: 1"]);
    });

    it("has no day on which all of it was taken back", () => {
      work(NOW - 1_000);
      store.change((transaction) =>
        transaction.putTask({ ...prompt("task0", NOW - 1_000), state: "RUNNING", endedAt: null }),
      );
      assert.deepEqual(days({}), []);
    });

    it("can be told also where no integer of the database holds the sum", () => {
      const most = { ...noUsage, inputTokens: Number.MAX_SAFE_INTEGER };
      store.change((transaction) => {
        transaction.putSession(aSession({ createdAt: 0 }));
        for (const id of ["task1", "task2"])
          transaction.putTask({ ...prompt(id, NOW - 1_000), usage: most, updatedAt: NOW });
      });
      assert.deepEqual(
        stats.days({}).days.map((day) => day.usage.inputTokens),
        [2 * Number.MAX_SAFE_INTEGER],
      );
    });

    it("leaves out what a conversation had cost before its session", () => {
      const usage = { ...noUsage, costUsd: 3 };
      const session = aSession({ agent: "claude", createdAt: NOW - 5_000 });
      store.change((transaction) => {
        transaction.putSession({ ...session, usage });
        transaction.putTask(prompt("before", NOW - 6_000));
      });
      put({ ...session, usage: { ...usage, costUsd: 3.25 } });
      assert.deepEqual(
        stats.days({}).days.map((day) => [day.agent, day.done, day.usage.costUsd]),
        [["claude", 0, 0.25]],
      );
    });

    describe("of a conversation whose session only took it up", () => {
      const session = aSession({ agent: "claude", createdAt: NOW - DAY_MS });
      const told = (costUsd: number) => put({ ...session, usage: { ...noUsage, costUsd } });
      const took = () =>
        store.change((transaction) =>
          transaction.putTask({ ...prompt("before", NOW - 2 * DAY_MS), usage: { ...noUsage, costUsd: 40 } }),
        );
      const costs = () => stats.days({}).days.map((day) => [day.day, day.usage.costUsd]);
      beforeEach(() => {
        now = NOW - DAY_MS;
        put(session);
      });

      it("has cost what was told more, when its first prompts are read before the cost is told", () => {
        took();
        told(50);
        now = NOW;
        told(51);
        assert.deepEqual(costs(), [["2026-11-21", 1]]);
      });

      it("has cost the same when they are read after it, on the day on which more was told", () => {
        told(50);
        now = NOW;
        told(51);
        took();
        assert.deepEqual(costs(), [["2026-11-21", 1]]);
      });

      it("has cost the same when they are read again, or removed", () => {
        told(50);
        took();
        took();
        store.change((transaction) => transaction.removeTask("before"));
        now = NOW;
        told(51);
        assert.deepEqual(costs(), [["2026-11-21", 1]]);
      });
    });

    it("is swept out when it is old", () => {
      work(NOW - 401 * DAY_MS);
      sweep();
      assert.deepEqual(store.workBetween(0, NOW), []);
    });

    for (const timeZone of ["Mars/Olympus", "", "Europe/Berlin'"]) {
      it(`refuses ${JSON.stringify(timeZone)} as a time zone, and says what to write`, () => {
        assert.throws(() => stats.days({ timeZone }), { code: "invalid-request", message: /Europe\/Berlin/ });
      });
    }
  });
});
