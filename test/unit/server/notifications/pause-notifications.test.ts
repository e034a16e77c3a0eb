import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Session } from "../../../../src/protocol/entities.ts";
import type { Continuation, Pause } from "../../../../src/protocol/limits.ts";
import { PauseNotifications, SETTLE_MS } from "../../../../src/server/notifications/pause-notifications.ts";
import { aContinuation, aPause, aSession } from "../../../support/entities.ts";
import { limitRig } from "./limit-rig.ts";

const BEGUN = "Claude Code: 5-hour limit: Paused until it resets, and nobody knows when";
const pause = aPause();
const ended = aPause({ endedAt: 9, endedBy: "reset" });

describe("a pause that begins", () => {
  it("is told of on the desktop once, with the sessions that met it meanwhile", () => {
    const rig = aRig();
    rig.pause(pause);
    for (const id of ["a", "b"]) rig.continues(id, "scheduled");
    assert.deepEqual(rig.desktop, []);
    rig.gather();
    rig.pause({ ...pause, tries: 1 });
    rig.gather();
    assert.deepEqual(rig.desktop, [`${BEGUN}; 2 sessions go on then.`]);
  });

  it("is not told of when it only looks like one, and is once it is certain", () => {
    const rig = aRig();
    rig.pause(aPause({ isInForce: false }));
    rig.gather();
    assert.deepEqual(rig.desktop, []);
    rig.pause(pause);
    rig.gather();
    assert.deepEqual(rig.desktop, [`${BEGUN}.`]);
  });

  it("is not told of when it held already before the gateway started", () => {
    const rig = aRig({ pauses: [pause] });
    rig.pause({ ...pause, tries: 1 });
    rig.gather();
    assert.deepEqual(rig.desktop, []);
  });

  it("is not told of when it was over at once and stopped nothing", () => {
    const rig = aRig();
    rig.pause(pause);
    rig.pause(ended);
    rig.settle();
    assert.deepEqual(rig.desktop, []);
  });

  it("is not told of to a person who is in the editor", () => {
    const rig = aRig();
    rig.person.isAway = false;
    rig.pause(pause);
    rig.gather();
    assert.deepEqual(rig.desktop, []);
  });

  it("is told of beside another one", () => {
    const rig = aRig();
    rig.pause(pause);
    rig.pause(aPause({ id: "pause2", label: "Codex" }));
    rig.gather();
    assert.equal(rig.desktop.length, 2);
  });
});

describe("a pause that is prolonged", () => {
  const known = aPause({ until: 5 });
  const prolonged = { ...pause, tries: 1 };
  const PROLONGED =
    "Claude Code: the 5-hour limit is still there: Paused until it resets, and nobody knows when; 1 session goes on then.";

  it("is told of in place of what was said of it, once while nobody knows until when", () => {
    const rig = aRig({ pauses: [known] });
    rig.continues("a", "scheduled");
    for (const tries of [1, 2]) {
      rig.pause({ ...pause, tries });
      rig.gather();
    }
    assert.deepEqual(rig.desktop, [PROLONGED]);
  });

  it("is not told of beside its begin", () => {
    const rig = aRig();
    rig.pause(known);
    rig.pause(prolonged);
    rig.gather();
    assert.deepEqual(rig.desktop, [`${BEGUN}.`]);
  });

  it("is not told of when it is over meanwhile, which is", () => {
    const rig = aRig({ pauses: [known] });
    rig.pause(prolonged);
    rig.pause(ended);
    rig.settle();
    assert.deepEqual(rig.desktop, ["Claude Code goes on: The 5-hour limit holds nothing any more."]);
  });
});

describe("a pause that ends", () => {
  it("takes back what was said of it, and tells what became of the sessions once that is known", () => {
    const rig = aRig();
    rig.pause(pause);
    rig.gather();
    for (const id of ["a", "b", "c"]) rig.continues(id, "scheduled");
    rig.continues("a", "resumed");
    rig.pause(ended);
    rig.continues("b", "resumed");
    rig.continues("c", "resuming");
    rig.gather();
    assert.deepEqual(rig.desktop.slice(1), ["withdrawn"]);
    rig.continues("c", "not-resumed", { text: "It waits for you." });
    rig.gather();
    rig.settle();
    assert.deepEqual(rig.desktop.slice(2), [
      "Claude Code goes on: 2 sessions resumed. 1 not resumed: It waits for you.",
    ]);
  });

  it("does not keep the person waiting for ever", () => {
    const rig = aRig({ pauses: [pause] });
    rig.continues("a", "resumed");
    rig.continues("b", "scheduled");
    rig.pause(ended);
    rig.settle();
    assert.deepEqual(rig.desktop, ["Claude Code goes on: 1 session resumed. 1 still to come."]);
  });

  it("is told of though no session was stopped by it", () => {
    const rig = aRig({ pauses: [pause] });
    rig.pause(ended);
    rig.settle();
    assert.deepEqual(rig.desktop, ["Claude Code goes on: The 5-hour limit holds nothing any more."]);
  });

  it("does not wait for a session that was cancelled, removed, or met another limit", () => {
    const rig = aRig({ pauses: [pause] });
    for (const id of ["a", "b", "c", "d"]) rig.continues(id, "scheduled");
    rig.pause(ended);
    rig.continues("a", "resumed");
    rig.continues("b", "cancelled");
    rig.happens({ type: "session.removed", id: "c" });
    rig.continues("d", "scheduled", { pauseId: "pause2" });
    rig.gather();
    assert.deepEqual(rig.desktop, ["Claude Code goes on: 1 session resumed."]);
  });

  it("leaves to a notification of its own what only the person can go on with", () => {
    const rig = aRig({ pauses: [pause] });
    rig.continues("a", "not-resumed", { owner: "person" });
    rig.pause(ended);
    rig.gather();
    assert.deepEqual(rig.desktop, ["Claude Code goes on: The 5-hour limit holds nothing any more."]);
  });

  it("counts the sessions that it stopped before the gateway started", () => {
    const sessions = [
      aSession({ promptCount: 1, continuation: aContinuation({ pauseId: pause.id, status: "resumed" }) }),
    ];
    const rig = aRig({ pauses: [pause], sessions });
    rig.pause(ended);
    rig.gather();
    assert.deepEqual(rig.desktop, ["Claude Code goes on: 1 session resumed."]);
  });

  it("is not told of any more when the gateway stops", () => {
    const rig = aRig({ pauses: [pause] });
    rig.pause(ended);
    rig.notifications.dispose();
    rig.settle();
    assert.deepEqual(rig.desktop, []);
  });
});

function aRig(known: { pauses?: Pause[]; sessions?: Session[] } = {}) {
  const rig = limitRig();
  const notifications = new PauseNotifications({ ...rig.options, pauses: [], sessions: [], ...known });
  const continues = (id: string, status: Continuation["status"], fields: Partial<Continuation> = {}) =>
    rig.session(
      aSession({
        id,
        promptCount: 1,
        continuation: aContinuation({ pauseId: pause.id, owner: "tally", status, ...fields }),
      }),
    );
  return { ...rig, notifications, continues, settle: () => rig.clock.advance(SETTLE_MS) };
}
