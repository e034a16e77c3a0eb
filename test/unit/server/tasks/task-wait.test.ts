import assert from "node:assert/strict";
import { type KeptOrder, keptOrderSchema } from "../../../../src/server/tasks/kept-order.ts";
import { type WaitFacts, waitOf } from "../../../../src/server/tasks/task-wait.ts";
import { aPause, aReason, aRun, aSession, aWorktree } from "../../../support/entities.ts";

const NOW = 50_000;
const order: KeptOrder = keptOrderSchema.parse({
  ...{ agent: "claude", persona: null, args: [], env: {}, cwd: "/shop", origin: "cli", model: null, isForced: false },
});

describe("what a task waits for", () => {
  const kind = (facts: Partial<WaitFacts>) =>
    waitOf({ task: aRun(), order, pause: null, worktree: null, session: null, beside: null, now: NOW, ...facts })
      ?.kind ?? null;

  it("is nothing where nothing keeps it back", () => assert.equal(kind({}), null));

  it("is a person, before anything else", () => {
    assert.equal(kind({ order: { ...order, needs: "Log in." }, pause: aPause() }), "person");
  });

  it("is the moment of its next try", () => {
    assert.equal(kind({ order: { ...order, retryAt: NOW + 1 } }), "retry");
    assert.equal(kind({ order: { ...order, retryAt: NOW } }), null);
  });

  it("is the end of its account's pause", () => assert.equal(kind({ pause: aPause() }), "pause"));

  for (const [status, expected] of [
    ["adding", "worktree"],
    ["removing", "worktree"],
    ["broken", "worktree"],
    ["ready", null],
    ["seen", null],
  ] as const) {
    it(`is ${expected ?? "nothing"} where its worktree is ${status}`, () => {
      assert.equal(kind({ task: aRun({ worktreeId: "w" }), worktree: aWorktree({ status }) }), expected);
    });
  }

  it("is a person where its worktree is gone", () => {
    assert.equal(kind({ task: aRun({ worktreeId: "w" }) }), "person");
  });

  it("is its session's agent, as long as that is not ready for a prompt", () => {
    for (const state of ["STARTING", "RUNNING", "WAITING_USER", "PAUSED", "ERROR"] as const) {
      assert.equal(kind({ session: aSession({ state }) }), "session", state);
    }
    assert.equal(kind({ session: aSession({ state: "IDLE" }) }), null);
  });

  it("is its session where nobody knows what that does", () => {
    const reason = aReason({ isUnknown: true, text: "unknown, because its terminal says nothing" });
    assert.equal(kind({ session: aSession({ state: "IDLE", reason }) }), "session");
  });

  it("is its session where that runs in a terminal that is not Tally's", () => {
    assert.equal(kind({ session: aSession({ state: "IDLE", mode: "external" }) }), "session");
  });

  it("is another session in which its conversation is open", () => {
    assert.equal(kind({ session: aSession({ endedAt: 1 }), beside: aSession({ id: "other" }) }), "session");
  });

  it("is its session while that is being ended", () => {
    const session = { ...aSession({ state: "IDLE", mode: "headless" as const }), endRequested: true };
    assert.equal(kind({ session }), "session");
    assert.equal(kind({ session: { ...session, endedAt: 1 } }), null);
  });

  it("is nothing where its session has ended, or has no terminal", () => {
    assert.equal(kind({ session: aSession({ state: "DONE", endedAt: 1 }) }), null);
    assert.equal(kind({ session: aSession({ state: "RUNNING", mode: "headless" }) }), null);
  });
});
