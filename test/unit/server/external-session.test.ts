import assert from "node:assert/strict";
import {
  afterWrapperEnd,
  externalSession,
  heartbeatSignal,
  registeredAgain,
} from "../../../src/server/sessions/external/external-session.ts";
import { aReason, aSession } from "../../support/entities.ts";

describe("a session outside of Tally", () => {
  const registered = {
    id: "s1",
    taskId: "claude-1000-abcdefghi",
    projectId: "p1",
    worktreeId: null,
    agent: "claude",
    title: "Claude Code",
    command: ["claude"],
    cwd: "/shop",
    accountId: "claude-1",
    pid: 7,
    now: 1_000,
  };

  it("keeps its id, its name and its prompts when it is registered again", () => {
    const known = aSession({ id: "s0", title: "Fix the cart", promptCount: 3, pid: 6, endedAt: 900, state: "DONE" });
    const session = registeredAgain(known, { ...registered, now: 2_000 });
    assert.deepEqual(
      [session.id, session.rootTaskId, session.title, session.promptCount, session.createdAt],
      ["s0", known.rootTaskId, "Fix the cart", 3, known.createdAt],
    );
    assert.deepEqual([session.pid, session.state, session.endedAt], [7, "RUNNING", null]);
  });

  const ends: [reason: string, state: string, text: RegExp][] = [
    ["user_exit", "DONE", /user_exit$/],
    ["", "DONE", /^Its wrapper ended it\.$/],
    ["Error: exit code 1", "ERROR", /exit code 1$/],
    ["crashed", "ERROR", /crashed$/],
    ["no errors", "DONE", /no errors$/],
  ];
  for (const [reason, state, text] of ends) {
    it(`is ${state} when its wrapper ends it with "${reason}"`, () => {
      const ended = afterWrapperEnd(externalSession(registered), reason, 5_000);
      assert.deepEqual([ended.state, ended.endedAt], [state, 5_000]);
      assert.match(ended.reason.text, text);
    });
  }

  it("has ended as its wrapper says where we had only seen that its process was gone, at the time that we saw it", () => {
    const lost = aSession({ state: "ERROR", endedAt: 4_000, reason: aReason({ source: "gateway" }) });
    const ended = afterWrapperEnd(lost, "done", 5_000);
    assert.deepEqual([ended.state, ended.endedAt], ["DONE", 4_000]);
  });

  it("stays ended as it is when that is known", () => {
    const ended = aSession({ state: "DONE", endedAt: 4_000, reason: aReason({ source: "person" }) });
    assert.equal(afterWrapperEnd(ended, "error", 5_000), ended);
  });

  it("works, idles or waits as its heartbeats say, in either case", () => {
    const said = ["ACTIVE", "running", "idle", "waiting"].map((status) => heartbeatSignal(status, 1)?.reading);
    assert.deepEqual(
      said.map((reading) => (reading?.type === "activity" ? reading.activity : null)),
      ["working", "working", "idle", "waiting"],
    );
  });

  it("is not limited because its wrapper waits for a pause that we told it of", () => {
    const reading = heartbeatSignal("paused", 1)?.reading;
    assert.equal(reading?.type === "activity" && reading.activity, "idle");
  });

  it("is as it was when its wrapper says something else", () => {
    assert.equal(heartbeatSignal("pondering", 1), null);
  });
});
