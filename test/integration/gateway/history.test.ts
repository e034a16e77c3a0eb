import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sessionFileSchema } from "../../../src/protocol/session-file.ts";
import { aProject, aSession, aTask } from "../../support/entities.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { until } from "../../support/until.ts";

describe("history over HTTP", () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway();
    await gateway.crash();
    const ended = { state: "DONE", endedAt: 9_000 } as const;
    gateway.store((store) =>
      store.change((transaction) => {
        transaction.putProject(aProject(), { givenName: null });
        transaction.putSession(aSession({ id: "old", ...ended, createdAt: 1 }));
        transaction.putSession(aSession({ id: "new", ...ended, createdAt: 2 }));
        transaction.putTask(aTask({ id: "root", kind: "root", sessionId: "old", ...ended }));
        for (const [n, state] of (["DONE", "DONE", "ERROR"] as const).entries()) {
          transaction.putTask(
            aTask({ id: `prompt${n}`, kind: "prompt", sessionId: "old", createdAt: n, state, endedAt: n + 100 }),
          );
        }
        transaction.putTask(
          aTask({ id: "prompt0", kind: "prompt", sessionId: "old", createdAt: 0, ...ended, plan: "Tests first" }),
        );
      }),
    );
    await gateway.restart();
  });
  after(() => gateway.dispose());

  it("has every session with its numbers, page after page", async () => {
    const first = await gateway.client.call("history", { query: { limit: 1 } });
    const second = await gateway.client.call("history", { query: { limit: 1, cursor: first.nextCursor ?? "" } });
    assert.deepEqual(
      [...first.sessions, ...second.sessions].map(({ session }) => session.id),
      ["new", "old"],
    );
    assert.equal(second.nextCursor, null);
    assert.deepEqual(second.sessions[0]?.stats, {
      totalTasks: 3,
      completedTasks: 2,
      failedTasks: 1,
      cancelledTasks: 0,
      executionMs: 9_000 + 100 + 100,
    });
  });

  it("has a session's tasks, page after page, and its plans", async () => {
    const ask = (query: object) => gateway.client.call("sessionHistory", { id: "old", query: { limit: 2, ...query } });
    const first = await ask({});
    const second = await ask({ cursor: first.nextCursor });
    assert.deepEqual(
      [...first.tasks, ...second.tasks].map(({ id }) => id),
      ["prompt2", "prompt1", "prompt0"],
    );
    assert.deepEqual(first.plans, [{ taskId: "prompt0", text: "Tests first", acceptedAt: 1_000 }]);
  });

  it("says that there is no such session", async () => {
    await assert.rejects(gateway.client.call("sessionHistory", { id: "nobody", query: {} }), {
      code: "session-not-found",
    });
  });

  it("refuses a cursor that it did not give", async () => {
    await assert.rejects(gateway.client.call("history", { query: { cursor: "guessed" } }), { code: "invalid-request" });
    await assert.rejects(gateway.client.call("listTasks", { query: { cursor: "guessed" } }), {
      code: "invalid-request",
    });
  });

  it("has the tasks of a state, of all sessions", async () => {
    const { tasks } = await gateway.client.call("listTasks", { query: { state: "error,CANCELLED" } });
    assert.deepEqual(
      tasks.map(({ id }) => id),
      ["prompt2"],
    );
  });

  describe("as files", () => {
    const files = () => readdir(gateway.home.sessions);

    it("has what happened while the gateway did not run", async () => {
      await until(async () => (await files().catch(() => [])).length === 2, "the files of both sessions");
      const file = await readFile(join(gateway.home.sessions, "old.session.json"), "utf8");
      const { metadata, stats } = sessionFileSchema.parse(JSON.parse(file));
      assert.deepEqual(
        [metadata.tasks.map(({ id, status }) => `${id} ${status}`), metadata.plans, stats.successRate],
        [
          ["prompt0 completed", "prompt1 completed", "prompt2 failed"],
          [{ taskId: "prompt0", text: "Tests first" }],
          2 / 3,
        ],
      );
    });

    it("has each new session, until that is removed", async () => {
      const { id } = await gateway.createSession({ args: ["true"] });
      const name = `${id}.session.json`;
      await until(async () => (await files()).includes(name), "its file");
      await gateway.untilState(id, "DONE");
      await gateway.client.call("removeSession", { id });
      await until(async () => !(await files()).includes(name), "its file to go");
    });
  });
});
