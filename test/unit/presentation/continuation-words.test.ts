import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Session } from "../../../src/protocol/entities.ts";
import {
  continuationInFull,
  continuationInShort,
  heldWords,
  isHeld,
  isResumable,
  staysHeldWords,
  wasCalledOff,
} from "../../../src/presentation/continuation-words.ts";
import { sessionContext } from "../../../src/presentation/row-context.ts";
import { shownState } from "../../../src/presentation/tree-order.ts";
import { sessionDescription, sessionLabel } from "../../../src/presentation/wording.ts";
import { aContinuation, aReason, aRequest, aSession } from "../../support/entities.ts";

const now = new Date(2026, 10, 21, 12, 47).getTime();
const three = new Date(2026, 10, 21, 15, 0).getTime();

describe("a session that a limit stopped", () => {
  for (const [what, session, words] of [
    ["is to go on", aPaused({ at: three }), "resumes 15:00"],
    ["is to go on, nobody knows when", aPaused({}), "resumes when the pause ends"],
    ["is being brought back", aPaused({ status: "resuming" }), "resuming"],
    ["has gone on", aRunning({ status: "resumed", at: now }), "resumed 12:47"],
    ["has gone on long ago", aRunning({ status: "resumed", at: 0 }), null],
    ["has gone on, and has ended since", { ...aRunning({ status: "resumed", at: now }), endedAt: now }, null],
    ["will not go on", aPaused({ status: "not-resumed" }), "not resumed"],
    [
      "has not gone on, and has ended well",
      { ...aPaused({ status: "not-resumed" }), state: "DONE", endedAt: now },
      null,
    ],
    [
      "has not gone on, and has failed",
      { ...aPaused({ status: "not-resumed" }), state: "ERROR", endedAt: now },
      "not resumed",
    ],
    ["is a launch that shall not begin", aHeld({ status: "cancelled" }), "no auto-start"],
    ["shall not go on", aPaused({ status: "cancelled" }), "no auto-resume"],
    ["is a launch that begins then", aHeld({ at: three }), "starts 15:00"],
    ["is a launch that begins nobody knows when", aHeld({}), "starts when the pause ends"],
    ["was a launch, and has begun", { ...aRunning({ status: "resumed", at: now }), promptCount: 0 }, "started 12:47"],
    ["works, whatever it is to do then", aRunning({ at: three }), null],
  ] as const satisfies [string, Session, string | null][]) {
    it(`says when it ${what}: ${words ?? "nothing"}`, () => assert.equal(continuationInShort(session, now), words));
  }

  it("says so in its row in place of its age, and to a screen reader", () => {
    const session = aPaused({ at: three });
    assert.equal(sessionDescription(session, now), "resumes 15:00 · claude");
    assert.match(sessionLabel(session, now), /, paused .*, resumes 15:00$/);
  });

  it("says that it is for the person to resume once the pause is over", () => {
    const session = aPaused({ status: "cancelled" });
    assert.equal(continuationInShort(session, now, true), "resume it yourself");
    assert.match(continuationInFull(session, now, true) ?? "", /^its pause is over, .*: resume it yourself$/);
  });

  it("says in full why it does not go on", () => {
    const session = aPaused({ status: "not-resumed", text: "Not resumed: it waits for you." });
    assert.equal(continuationInFull(session, now), "Not resumed: it waits for you.");
  });
});

describe("a launch that a limit holds", () => {
  it("is one that never ran", () => {
    assert.ok(isHeld(aHeld({})));
    assert.ok(!isHeld({ ...aHeld({}), pid: 42 }));
    assert.ok(isHeld({ ...aHeld({}), conversationId: "given to it" }));
    assert.ok(!isHeld({ ...aHeld({}), endedAt: now }));
  });

  it("says in its terminal that it starts there by itself", () => {
    const session = { ...aHeld({ at: three }), reason: aReason({ text: "It is held." }) };
    assert.match(
      heldWords(session),
      /^Nothing runs here yet\. It is held\.\nIt starts by itself then, in this terminal\./,
    );
  });
});

describe("the terminal of a launch that a limit holds, when it is closed", () => {
  for (const [continuation, words] of [
    [{ at: three }, '"Fix the cart" stays held, and starts 15:00.'],
    [{}, '"Fix the cart" stays held, and starts when the pause ends.'],
    [{ status: "cancelled" }, '"Fix the cart" stays held. It does not start by itself.'],
  ] as const) {
    it(`is said: ${words}`, () => assert.equal(staysHeldWords(aHeld(continuation), now), words));
  }
});

describe("a launch that was called off", () => {
  const calledOff = { ...aHeld({ status: "cancelled" }), state: "DONE", endedAt: now } as const;

  it("is cancelled, not done, and says that it never was started", () => {
    assert.equal(shownState(calledOff), "CANCELLED");
    assert.match(sessionLabel(calledOff, now), /, cancelled .* ago/);
    assert.equal(continuationInFull(calledOff, now), "called off; it was never started");
  });

  it("is none that ran", () => {
    assert.ok(!wasCalledOff({ ...calledOff, pid: 42 }));
    assert.ok(!wasCalledOff({ ...calledOff, promptCount: 1 }));
    assert.ok(!wasCalledOff({ ...calledOff, continuation: null }));
  });
});

describe("whether a session can be resumed", () => {
  it("is yes where its limit stopped it in a terminal of ours", () => {
    assert.ok(isResumable(aPaused({})));
    assert.ok(!isResumable({ ...aPaused({}), mode: "external" }));
    assert.ok(!isResumable(aSession({ state: "RUNNING" })));
  });

  it("is yes where it has ended and its conversation is known", () => {
    assert.ok(isResumable(aSession({ state: "DONE", endedAt: now, conversationId: "c" })));
    assert.ok(!isResumable(aSession({ state: "DONE", endedAt: now })));
  });
});

describe("what the menus tell a session by", () => {
  for (const [session, context] of [
    [aSession(), "session.live.pty"],
    [aSession({ state: "WAITING_USER", request: aRequest() }), "session.live.pty.permission"],
    [aPaused({}), "session.live.pty.paused.auto"],
    [aPaused({ status: "cancelled" }), "session.live.pty.paused.stopped"],
    [{ ...aPaused({}), autoResume: false }, "session.live.pty.paused.stopped"],
    [aHeld({}), "session.live.pty.held.auto"],
    [aSession({ state: "DONE", endedAt: 1 }), "session.ended.pty"],
    [aSession({ state: "DONE", endedAt: 1, conversationId: "c" }), "session.ended.pty.resumable"],
    [{ ...aPaused({}), endedAt: 1, conversationId: "c" }, "session.ended.pty.resumable.auto"],
    [aSession({ mode: "external" }), "session.live.external"],
  ] as const) {
    it(`is ${context}`, () => assert.equal(sessionContext(session), context));
  }
});

type Fields = Parameters<typeof aContinuation>[0];

function aPaused(continuation: Fields): Session {
  return aSession({ state: "PAUSED", pid: 42, promptCount: 1, continuation: aContinuation(continuation) });
}

function aRunning(continuation: Fields): Session {
  return aSession({ state: "RUNNING", pid: 42, promptCount: 1, continuation: aContinuation(continuation) });
}

function aHeld(continuation: Fields): Session {
  return aSession({ state: "PAUSED", continuation: aContinuation(continuation) });
}
