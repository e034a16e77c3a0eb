import assert from "node:assert/strict";
import type { Session } from "../../../../src/protocol/entities.ts";
import type { Continuation } from "../../../../src/protocol/limits.ts";
import { followUp, type Turn } from "../../../../src/server/limits/follow-up.ts";
import { aContinuation, aReason, aRequest, aSession } from "../../../support/entities.ts";

const STARTED = 50_000;
const timing = { now: STARTED + 5_000, movesAfterMs: 15_000, stuckAfterMs: 60_000 };

/** What becomes of a session whose new prompt, if it has one, is in this state. */
function become(session: Partial<Session>, continuation: Partial<Continuation>, now = timing.now, turn: Turn = null) {
  const after = followUp(aSession(session), aContinuation(continuation), turn, { ...timing, now });
  return [after.continuation.status, after.continuation.owner, after.lookAt] as const;
}

describe("a session that a limit stopped", () => {
  it("waits on while it is stopped", () => {
    assert.deepEqual(become({ state: "PAUSED" }, {}), ["scheduled", "tally", null]);
  });

  it("goes on by the person's hand when it works before Tally did anything", () => {
    assert.deepEqual(become({ state: "RUNNING" }, {}), ["resuming", "person", null]);
    assert.deepEqual(become({ state: "IDLE" }, {}), ["resumed", "person", null]);
  });

  it("has not gone on in the moment after it was stopped: words come in any order", () => {
    const stateSince = timing.now - 1_000;
    assert.deepEqual(become({ state: "RUNNING", stateSince }, {}), ["scheduled", "tally", stateSince + 3_000]);
    assert.deepEqual(become({ state: "IDLE", stateSince }, {}), ["scheduled", "tally", stateSince + 3_000]);
  });

  it("goes on by itself when that is its agent's part", () => {
    assert.deepEqual(become({ state: "RUNNING" }, { owner: "agent" }), ["resuming", "agent", null]);
  });

  it("is not taken to go on when nobody knows what it does", () => {
    const reason = aReason({ isUnknown: true });
    assert.deepEqual(become({ state: "RUNNING", reason }, {}), ["scheduled", "tally", null]);
  });

  it("is not resumed when its turn fails for another reason", () => {
    const [status] = become({ state: "ERROR", reason: aReason({ text: "It cannot log in." }) }, {});
    assert.equal(status, "not-resumed");
  });
});

describe("a session that Tally brings back", () => {
  const resuming = { status: "resuming", at: STARTED } as const;

  it("has not moved when it is merely ready: its prompt is to come", () => {
    assert.deepEqual(become({ state: "IDLE" }, resuming), ["resuming", "tally", STARTED + 60_000]);
  });

  it("has moved when a turn of the new prompt is over", () => {
    assert.deepEqual(become({ state: "IDLE" }, resuming, timing.now, "DONE"), ["resumed", "tally", null]);
  });

  it("has not moved when its prompt was seen and its turn was not", () => {
    assert.equal(become({ state: "IDLE" }, resuming, timing.now, "RUNNING")[0], "resuming");
  });

  it("has moved when its turn asks the person something", () => {
    assert.equal(become({ state: "WAITING_USER", request: aRequest() }, resuming)[0], "resumed");
  });

  it("has not moved when it shows a dialog of which nobody knows what it is", () => {
    assert.equal(become({ state: "WAITING_USER" }, resuming)[0], "resuming");
  });

  it("has moved when its turn has gone on for a while, for a limit is told at once", () => {
    const working = { state: "RUNNING", stateSince: STARTED + 1_000 } as const;
    assert.deepEqual(become(working, resuming), ["resuming", "tally", STARTED + 16_000]);
    assert.equal(become(working, resuming, STARTED + 16_000)[0], "resumed");
  });

  it("is not resumed when no turn begins, and Tally says where to look", () => {
    const after = followUp(aSession({ state: "STARTING" }), aContinuation(resuming), null, {
      ...timing,
      now: STARTED + 60_000,
    });
    assert.equal(after.continuation.status, "not-resumed");
    assert.match(after.continuation.text, /Look at its terminal/);
  });

  it("is not resumed when it ends in an error", () => {
    assert.equal(become({ state: "ERROR" }, resuming)[0], "not-resumed");
  });

  it("is resumed as soon as it runs where its launch was held: it has no conversation to go on with", () => {
    const after = followUp(aSession({ state: "IDLE" }), aContinuation(resuming), "held", timing);
    assert.equal(after.continuation.status, "resumed");
  });

  it("is left alone once it is known what became of it", () => {
    for (const status of ["resumed", "not-resumed", "cancelled"] as const) {
      assert.equal(become({ state: "RUNNING" }, { status })[0], status);
    }
  });
});
