import assert from "node:assert/strict";
import { hostname, userInfo } from "node:os";
import { MAX_CHAIN_PROMPT_CHARS } from "../../../../src/protocol/session-feed.ts";
import type { Task } from "../../../../src/protocol/entities.ts";
import { thisMachine, toFeedSession } from "../../../../src/server/session-api/feed-session.ts";
import { aRun, aSession, aTask } from "../../../support/entities.ts";

const machine = { hostname: "box", platform: "linux", user: "me" };
const aPrompt = (fields: Partial<Task> = {}) => aTask({ kind: "prompt", sessionId: "session1", ...fields });
const feed = (fields: Parameters<typeof aSession>[0], tasks: Task[] = []) =>
  toFeedSession(aSession(fields), tasks, machine);

describe("a session of the feed", () => {
  it("says where it works, whose it is and since when", () => {
    assert.deepEqual(feed({ state: "IDLE" }), {
      id: "session1",
      cwd: "/home/me/shop",
      ...machine,
      chains: [],
      status: "pending",
      startedAt: "1970-01-01T00:00:01.000Z",
    });
  });

  it("says when it ended", () => {
    const { status, endedAt } = feed({ state: "DONE", endedAt: 2_000 });
    assert.deepEqual([status, endedAt], ["ended", "1970-01-01T00:00:02.000Z"]);
  });

  it("is pending until something is done in it", () => {
    assert.equal(feed({ state: "IDLE" }, [aRun()]).status, "pending");
    assert.equal(feed({ state: "PAUSED" }).status, "pending");
    assert.equal(feed({ state: "RUNNING" }).status, "in_progress");
    assert.equal(feed({ state: "IDLE" }, [aPrompt({ state: "DONE" })]).status, "in_progress");
  });

  it("has a chain for each prompt and each run, with what came of it", () => {
    const run = aRun({ id: "r", description: "Fix it.\nAll of it.", state: "ERROR", startedAt: 3_000, endedAt: 4_000 });
    const tasks = [aTask({ kind: "root" }), aPrompt({ id: "p", title: "Look", state: "DONE", endedAt: 2_000 }), run];
    assert.deepEqual(feed({}, tasks).chains, [
      {
        id: "p",
        prompt: "Look",
        status: "completed",
        startedAt: "1970-01-01T00:00:01.000Z",
        endedAt: "1970-01-01T00:00:02.000Z",
      },
      {
        id: "r",
        prompt: "Fix it.\nAll of it.",
        status: "failed",
        startedAt: "1970-01-01T00:00:03.000Z",
        endedAt: "1970-01-01T00:00:04.000Z",
      },
    ]);
  });

  it("has no chain of a run in its terminal besides the prompt that it became", () => {
    const run = aRun();
    assert.deepEqual(feed({}, [{ ...run, run: { ...run.run!, via: "terminal" } }]).chains, []);
  });

  it("has no more of a prompt than a listener needs with each change", () => {
    const [chain] = feed({}, [aRun({ description: "x".repeat(5_000) })]).chains;
    assert.deepEqual([chain?.prompt.length, chain?.startedAt], [MAX_CHAIN_PROMPT_CHARS, null]);
  });

  it("is on this machine", () => {
    assert.deepEqual(thisMachine(), {
      hostname: hostname(),
      platform: process.platform,
      user: userInfo().username,
    });
  });
});
