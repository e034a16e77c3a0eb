import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { StateSpan } from "../../../../src/protocol/stats.ts";
import {
  coarsened,
  drawnWindow,
  followed,
  type Stretch,
  stretchesOf,
  type Timeline,
  totalsOf,
  withPresent,
} from "../../../../src/webview/sections/sessions/timeline.ts";
import { aReason, aSession } from "../../../support/entities.ts";

function since(from: number, state: StateSpan["state"], isUnknown = false): StateSpan {
  return { state, isUnknown, from };
}

function stretch(from: number, until: number, state: Stretch["state"]): Stretch {
  return { state, from, until };
}

describe("a timeline with what the session is now", () => {
  const timeline: Timeline = [since(10, "RUNNING"), since(20, "WAITING_USER")];
  const now = 100;

  it("goes on with a state that began after it was read", () => {
    const session = aSession({ state: "IDLE", stateSince: 30 });
    assert.deepEqual(withPresent(timeline, session, now), [...timeline, since(30, "IDLE")]);
  });

  it("is the same where the session is what it was", () => {
    assert.equal(withPresent(timeline, aSession({ state: "WAITING_USER", stateSince: 20 }), now), timeline);
  });

  it("keeps that it waited where it goes on with what it did before", () => {
    const goesOn = (at: number) => aSession({ state: "RUNNING", stateSince: 10, reason: aReason({ at }) });
    assert.deepEqual(withPresent(timeline, goesOn(40), now), [...timeline, since(40, "RUNNING")]);
    assert.deepEqual(withPresent(timeline, goesOn(15), now), [...timeline, since(now, "RUNNING")]);
  });

  it("has the last word on a state of the same moment", () => {
    const session = aSession({ state: "PAUSED", stateSince: 20, reason: aReason({ at: 20 }) });
    assert.deepEqual(withPresent(timeline, session, 20), [since(10, "RUNNING"), since(20, "PAUSED")]);
  });

  it("says since when nobody knows whether it still is", () => {
    const session = aSession({ state: "WAITING_USER", stateSince: 20, reason: aReason({ isUnknown: true, at: 40 }) });
    assert.deepEqual(withPresent(timeline, session, now).at(-1), since(40, "WAITING_USER", true));
  });

  it("begins with a session that nothing was read of", () => {
    assert.deepEqual(withPresent([], aSession({ state: "STARTING", stateSince: 5 }), now), [since(5, "STARTING")]);
  });
});

describe("the timelines of a page that stays open", () => {
  const now = 100;
  const waiting = aSession({ id: "a", state: "WAITING_USER", stateSince: 20 });
  const known = new Map([
    ["a", [since(5, "STARTING"), since(10, "RUNNING"), since(20, "WAITING_USER")]],
    ["removed", [since(10, "RUNNING")]],
  ]);

  it("are the same while no session changes", () => {
    assert.equal(followed(known, [waiting], 0, now), known);
  });

  it("go on with what a session is now", () => {
    const running = { ...waiting, state: "RUNNING" as const, stateSince: 30 };
    assert.deepEqual(followed(known, [running], 0, now).get("a")?.at(-1), since(30, "RUNNING"));
  });

  it("leave out what was over before, and who is no more", () => {
    const running = { ...waiting, state: "RUNNING" as const, stateSince: 30 };
    const left = [since(10, "RUNNING"), since(20, "WAITING_USER"), since(30, "RUNNING")];
    assert.deepEqual([...followed(known, [running], 15, now)], [["a", left]]);
  });
});

describe("what a session was in a window of time", () => {
  const window = { from: 100, until: 200 };

  it("is cut to the window", () => {
    const timeline = [since(50, "RUNNING"), since(150, "IDLE")];
    assert.deepEqual(stretchesOf(timeline, null, window), [stretch(100, 150, "RUNNING"), stretch(150, 200, "IDLE")]);
  });

  it("leaves out what was over before it, and what begins after it", () => {
    const timeline = [since(50, "RUNNING"), since(80, "IDLE"), since(250, "RUNNING")];
    assert.deepEqual(stretchesOf(timeline, null, window), [stretch(100, 200, "IDLE")]);
  });

  it("stops where the session ended", () => {
    const timeline = [since(110, "RUNNING"), since(150, "DONE")];
    assert.deepEqual(stretchesOf(timeline, 150, window), [stretch(110, 150, "RUNNING")]);
  });

  it("has a gap while the session had ended, well or not", () => {
    const resumed = (end: "DONE" | "ERROR") => [
      since(110, "RUNNING"),
      since(120, end),
      since(170, "STARTING"),
      since(180, "IDLE"),
    ];
    const expected = [stretch(110, 120, "RUNNING"), stretch(170, 180, "STARTING"), stretch(180, 200, "IDLE")];
    assert.deepEqual(stretchesOf(resumed("DONE"), null, window), expected);
    assert.deepEqual(stretchesOf(resumed("ERROR"), null, window), expected);
  });

  it("shows the error of an agent that lives", () => {
    const timeline = [since(110, "ERROR"), since(150, "RUNNING")];
    assert.deepEqual(stretchesOf(timeline, null, window), [stretch(110, 150, "ERROR"), stretch(150, 200, "RUNNING")]);
  });

  it("says that a guess is one", () => {
    assert.deepEqual(stretchesOf([since(110, "IDLE", true)], null, window), [stretch(110, 200, "UNKNOWN")]);
  });
});

describe("the window that is drawn", () => {
  const spanMs = 250_000;

  it("stays the same within a step", () => {
    assert.deepEqual(drawnWindow(spanMs, 1_000_100, []), { from: 751_000, until: 1_001_000 });
    assert.deepEqual(drawnWindow(spanMs, 1_000_900, []), drawnWindow(spanMs, 1_000_100, []));
  });

  it("has what began since the time was looked at", () => {
    assert.equal(drawnWindow(spanMs, 1_000_100, [[since(1_002_500, "RUNNING")], []]).until, 1_003_000);
  });
});

describe("stretches in no finer steps than can be seen", () => {
  it("keeps those that can be", () => {
    const stretches = [stretch(0, 10, "RUNNING"), stretch(10, 30, "IDLE")];
    assert.deepEqual(coarsened(stretches, 5), stretches);
  });

  it("draws short ones together as that of which there was most", () => {
    const short = [stretch(0, 3, "RUNNING"), stretch(3, 4, "IDLE"), stretch(4, 6, "RUNNING")];
    assert.deepEqual(coarsened(short, 6), [stretch(0, 6, "RUNNING")]);
  });

  it("never draws over that it waited for the person", () => {
    const short = [stretch(0, 9, "RUNNING"), stretch(9, 10, "WAITING_USER")];
    assert.deepEqual(coarsened(short, 10), [stretch(0, 10, "WAITING_USER")]);
  });

  it("draws a short one on its own as wide as a step", () => {
    assert.deepEqual(coarsened([stretch(100, 101, "WAITING_USER")], 10), [stretch(100, 110, "WAITING_USER")]);
  });

  it("makes one of neighbours in the same state", () => {
    const stretches = [stretch(0, 10, "RUNNING"), stretch(10, 20, "RUNNING")];
    assert.deepEqual(coarsened(stretches, 5), [stretch(0, 20, "RUNNING")]);
  });

  it("keeps a gap", () => {
    const stretches = [stretch(0, 10, "RUNNING"), stretch(50, 60, "RUNNING")];
    assert.deepEqual(coarsened(stretches, 5), stretches);
  });

  it("are at most as many as the window has steps", () => {
    const flicker = Array.from({ length: 10_000 }, (_, at) => stretch(at, at + 1, at % 2 ? "RUNNING" : "IDLE"));
    assert.ok(coarsened(flicker, 100).length <= 100);
  });
});

describe("how long a session was in each state", () => {
  it("is the sum of its stretches", () => {
    const stretches = [stretch(0, 10, "RUNNING"), stretch(10, 15, "IDLE"), stretch(20, 25, "RUNNING")];
    assert.deepEqual(
      [...totalsOf(stretches)],
      [
        ["RUNNING", 15],
        ["IDLE", 5],
      ],
    );
  });
});
