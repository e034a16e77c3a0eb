import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { TallyError } from "../../../src/protocol/errors.ts";
import type { Pause } from "../../../src/protocol/limits.ts";
import type { AddTask } from "../../../src/protocol/queue-routes.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { queueOf } from "../../support/tasks.ts";

const HOUR_MS = 3_600_000;

/** Every way in which work is handed over: what the gate does to launches, it does to each of them. */
const ways = ["a new session", "a session that has ended", "a session without a terminal"] as const;

for (const way of ways) {
  describe(`a pause, for a task in ${way}`, () => {
    let gateway: TestGateway;
    let queue: ReturnType<typeof queueOf>;
    let place: AddTask["place"];
    before(async () => {
      gateway = await startTestGateway({ TALLY_RESUME_JITTER_MS: "1", TALLY_RESUME_STAGGER_MS: "1" });
      queue = queueOf(gateway);
      const cwd = join(gateway.home.root, "..", "work");
      await mkdir(cwd, { recursive: true });
      place = { cwd };
      if (way === "a session that has ended") {
        const task = await queue.untilState((await queue.add("say first", { place })).id, "DONE");
        place = { sessionId: task.sessionId ?? "" };
      } else if (way === "a session without a terminal") {
        const { url, token } = gateway.endpoint;
        const answer = await fetch(`${url}/sessions`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify({ workingDirectory: cwd, agent: "demo" }),
        });
        place = { sessionId: ((await answer.json()) as { sessionId: string }).sessionId };
      }
    });
    after(() => gateway.dispose());
    afterEach(async () => {
      await gateway.client.call("setSettings", { body: {} });
      for (const { id } of (await gateway.client.call("limits", {})).pauses) {
        await gateway.client.call("endPause", { id });
      }
      for (const { id } of (await gateway.client.call("queue", {})).tasks) await queue.cancel(id);
    });

    const pause = async (until: number | null, reason?: string): Promise<Pause> => {
      const account = { agent: "demo", args: [], cwd: gateway.home.root, env: gateway.env };
      const body = { account, until, ...(reason !== undefined && { reason }) };
      return (await gateway.client.call("startPause", { body })).pause;
    };
    const hand = (rest: Partial<AddTask> = {}) => {
      const agent = "sessionId" in place ? { agent: undefined } : {};
      return queue.add("say done", { place, ...agent, ...rest });
    };
    const refused = async (work: Promise<unknown>): Promise<TallyError> => {
      const error: unknown = await work.then(
        () => assert.fail("it was not refused"),
        (failure: unknown) => failure,
      );
      assert(error instanceof TallyError);
      return error;
    };
    const openTasks = async () => (await gateway.client.call("queue", {})).tasks.length;

    it("holds it, and says until when and why, where it may not wait", async () => {
      const until = Date.now() + HOUR_MS;
      const { id } = await pause(until, "The team shares this account");
      const error = await refused(hand({ whenPaused: "refuse" }));
      assert.equal(error.code, "paused");
      const details = error.details as { pause: Pause; resumeAt: number };
      assert.deepEqual([details.pause.id, details.resumeAt], [id, until]);
      assert.match(error.message, /is paused, until .*The team shares this account/);
      assert.equal(await openTasks(), 0);
    });

    it("is answered with 423 and Retry-After when other tools hand it over", async () => {
      await pause(Date.now() + HOUR_MS);
      const sessionsBefore = gateway.model().sessions.size;
      const { url, token } = gateway.endpoint;
      for (const path of ["/agent/execute", "/agent/execute/stream"]) {
        const body =
          "sessionId" in place
            ? { sessionId: place.sessionId }
            : { workingDirectory: gateway.home.root, agent: "demo" };
        const answer = await fetch(url + path, {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify({ ...body, task: "say done" }),
        });
        assert.equal(answer.status, 423);
        const seconds = Number(answer.headers.get("retry-after"));
        assert(seconds > 3_500 && seconds <= 3_600, `Retry-After is ${seconds}`);
        await answer.body?.cancel();
      }
      assert.deepEqual([await openTasks(), gateway.model().sessions.size], [0, sessionsBefore]);
    });

    if (way === "a new session") {
      it("leaves other accounts free", async () => {
        await pause(null);
        const { id } = await hand({ env: { ...gateway.env, TALLY_DEMO_ACCOUNT: "another" } });
        await queue.untilState(id, "DONE");
      });
    }

    it("lets a forced one through", async () => {
      await pause(null);
      const { id } = await hand({ whenPaused: "start" });
      await queue.untilState(id, "DONE");
    });

    it("only warns, or is ignored, as the person has set", async () => {
      await pause(null);
      for (const block of ["warn", "off"] as const) {
        await gateway.client.call("setSettings", { body: { block } });
        await queue.untilState((await hand({ whenPaused: "refuse" })).id, "DONE");
      }
    });

    it("keeps it until its end, and then lets it begin", async () => {
      await pause(Date.now() + 4_000);
      const { id, state, run } = await hand();
      assert.deepEqual([state, run?.waitsFor?.kind, run?.attempts], ["QUEUED", "pause", 0]);
      await queue.untilState(id, "DONE");
    });

    it("keeps it also over a crash of the gateway", async () => {
      await pause(Date.now() + 12_000);
      const { id } = await hand();
      await gateway.crash();
      await gateway.restart();
      assert.equal(gateway.model().tasks.get(id)?.run?.attempts, 0);
      await queue.untilState(id, "DONE");
    });

    it("is lifted by hand, and what it held begins at once", async () => {
      const { id: pauseId } = await pause(null);
      const { id } = await hand();
      await gateway.client.call("endPause", { id: pauseId });
      await queue.untilState(id, "DONE");
    });

    it("holds one that can be cancelled", async () => {
      await pause(null);
      const { id } = await hand();
      const cancelled = await queue.cancel(id);
      assert.deepEqual([cancelled.state, cancelled.run?.attempts], ["CANCELLED", 0]);
    });

    it("is in force again after a crash of the gateway", async () => {
      await pause(null, "For the night");
      await gateway.crash();
      await gateway.restart();
      assert.equal((await refused(hand({ whenPaused: "refuse" }))).code, "paused");
    });
  });
}
