import assert from "node:assert/strict";
import { anAccount, aProject, aQuota, aSession, aTask } from "../../support/entities.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { until } from "../../support/until.ts";

const DAY_MS = 24 * 3_600_000;

describe("what happened over time, over HTTP", () => {
  let gateway: TestGateway;
  const begin = Date.now() - 2 * DAY_MS;
  before(async () => {
    gateway = await startTestGateway();
    await gateway.crash();
    const usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.5 };
    const ended = { state: "DONE", endedAt: begin + 1_000, updatedAt: begin + 1_000 } as const;
    gateway.store((store) =>
      store.change((transaction) => {
        transaction.putProject(aProject(), { givenName: null });
        transaction.putSession(aSession({ id: "old", createdAt: begin, ...ended, stateSince: begin + 1_000 }));
        const prompt = aTask({ kind: "prompt", agent: "claude", sessionId: "old", createdAt: begin });
        transaction.putTask({ ...prompt, id: "done", ...ended, usage });
        transaction.putTask({ ...prompt, id: "failed", ...ended, state: "ERROR" });
        for (const [n, usedPercent] of [40, 55].entries()) {
          const quotas = [aQuota({ usedPercent, at: begin + n * 3_600_000 })];
          transaction.putAccount(anAccount({ quotas }));
        }
      }),
    );
    await gateway.restart();
  });
  after(() => gateway.dispose());

  const timelineOf = async (id: string, since = begin) => {
    const { sessions } = await gateway.client.call("timeline", { query: { since } });
    return sessions.find(({ sessionId }) => sessionId === id);
  };

  it("is the work of each day, agent and project", async () => {
    const { days, timeZone } = await gateway.client.call("stats", { query: { timeZone: "Pacific/Auckland" } });
    assert.equal(timeZone, "Pacific/Auckland");
    const day = new Intl.DateTimeFormat("en-CA", { timeZone }).format(begin + 1_000);
    assert.deepEqual(
      days.map(({ startsAt: _startsAt, usage, ...rest }) => ({ ...rest, costUsd: usage.costUsd })),
      [
        {
          day,
          agent: "claude",
          projectId: "project1",
          done: 1,
          failed: 1,
          cancelled: 0,
          executionMs: 2_000,
          costUsd: 0.5,
        },
      ],
    );
  });

  it("says what to write where a time zone is none", async () => {
    await assert.rejects(gateway.client.call("stats", { query: { timeZone: "Berlin" } }), {
      code: "invalid-request",
      message: '"Berlin" is no time zone. Write it as Europe/Berlin, America/New_York or UTC.',
    });
  });

  it("is what was told of an account", async () => {
    const { samples } = await gateway.client.call("quotaHistory", { query: { since: begin } });
    assert.deepEqual(
      samples.map(({ usedPercent }) => usedPercent),
      [40, 55],
    );
  });

  it("is the states of a session, also those while no gateway ran", async () => {
    const { id } = await gateway.createSession({ args: ["sh", "-c", "read line"] });
    await gateway.untilState(id, "RUNNING", "IDLE");
    const before = await timelineOf(id);
    await gateway.crash();
    await gateway.restart();
    assert.deepEqual((await timelineOf(id))?.spans.slice(0, before?.spans.length), before?.spans);
    const { session } = await gateway.client.call("endSession", { id, body: { force: true } });
    const after = await timelineOf(id);
    assert.deepEqual(after?.spans.at(-1), { state: "DONE", isUnknown: false, from: session.endedAt });
    assert.equal(after.endedAt, session.endedAt);
    assert.equal(await timelineOf(id, Date.now() + 1), undefined);
  });

  describe("archiving a session", () => {
    const archive = (id: string, isArchived: boolean) =>
      gateway.client.call("archiveSession", { id, body: { isArchived } });

    it("puts it away and brings it back, once each, and tells everybody", async () => {
      const { session } = await archive("old", true);
      assert.ok(session.archivedAt !== null);
      assert.deepEqual((await archive("old", true)).session, session);
      const heard = () => gateway.model().sessions.get("old")?.archivedAt;
      await until(() => heard() === session.archivedAt, "the event to come");
      assert.equal((await archive("old", false)).session.archivedAt, null);
    });

    it("is refused while it has not ended, and says what to do", async () => {
      const { id } = await gateway.createSession({ args: ["sh", "-c", "read line"] });
      await assert.rejects(archive(id, true), {
        code: "session-live",
        message: `Session ${id} has not ended. End it first: tally end ${id}`,
      });
    });

    it("ends when it is resumed", async () => {
      const { id } = await gateway.createSession({ agent: "demo", args: [] });
      await gateway.untilState(id, "IDLE", "WAITING_USER", "RUNNING");
      await gateway.client.call("endSession", { id, body: { force: true } });
      await archive(id, true);
      const { session } = await gateway.client.call("resumeSession", { id, body: { env: gateway.env } });
      assert.equal(session.archivedAt, null);
    });
  });
});
