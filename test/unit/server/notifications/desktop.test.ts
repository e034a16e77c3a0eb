import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Session } from "../../../../src/protocol/entities.ts";
import type { Change, TallyEvent } from "../../../../src/protocol/events.ts";
import { DesktopNotifications, GATHER_MS, GRACE_MS, PACE_MS } from "../../../../src/server/notifications/desktop.ts";
import { Presence, type WindowConnection } from "../../../../src/server/notifications/presence.ts";
import { aRequest, aSession } from "../../../support/entities.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const window: WindowConnection = { tellForemost: () => undefined };

describe("a session that begins to wait", () => {
  it("is told of on the desktop once its grace is over", () => {
    const rig = aRig();
    rig.waits("a");
    rig.clock.advance(GRACE_MS - 1);
    assert.deepEqual(rig.desktop, []);
    rig.clock.advance(GATHER_MS + 1);
    assert.deepEqual(rig.desktop, ["a waits for you"]);
  });

  it("is not told of when it was answered within its grace", () => {
    const rig = aRig();
    rig.waits("a");
    rig.goesOn("a");
    rig.clock.advance(GRACE_MS * 10);
    assert.deepEqual(rig.desktop, []);
  });

  it("is told of once, however much becomes known of it", () => {
    const rig = aRig();
    rig.waits("a");
    rig.changes(aSession({ id: "a", title: "a", state: "WAITING_USER", request: aRequest() }));
    rig.settle();
    rig.changes(aSession({ id: "a", title: "a", state: "WAITING_USER", updatedAt: 9 }));
    rig.settle();
    assert.deepEqual(rig.desktop, ["a waits for you"]);
  });

  it("is told of again when it waits again", () => {
    const rig = aRig();
    const waitOnce = () => {
      rig.waits("a");
      rig.settle();
      rig.goesOn("a");
    };
    waitOnce();
    waitOnce();
    assert.deepEqual(rig.desktop, ["a waits for you", "withdrawn", "a waits for you", "withdrawn"]);
  });

  it("is not told of when the person came to a window within its grace", () => {
    const rig = aRig();
    rig.waits("a");
    rig.presence.set(window, { type: "presence", isFocused: true, frontSessionId: null, notifications: "both" });
    rig.settle();
    assert.deepEqual(rig.desktop, []);
  });

  it("is not told of when it waited already before the gateway started", () => {
    const waiting = aSession({ id: "a", title: "a", state: "WAITING_USER" });
    const rig = aRig({ sessions: [waiting] });
    rig.changes({ ...waiting, updatedAt: 9 });
    rig.settle();
    assert.deepEqual(rig.desktop, []);
  });
});

describe("the notification on the desktop", () => {
  it("is withdrawn when the session no longer waits, ended or was removed", () => {
    for (const end of ["goesOn", "ends", "isRemoved"] as const) {
      const rig = aRig();
      rig.waits("a");
      rig.settle();
      rig[end]("a");
      assert.deepEqual(rig.desktop, ["a waits for you", "withdrawn"], end);
    }
  });

  it("is one for all that begin to wait at once", () => {
    const rig = aRig();
    for (const id of ["a", "b", "c", "d", "e"]) {
      rig.waits(id);
      rig.clock.advance(10);
    }
    rig.settle();
    assert.deepEqual(rig.desktop, ["5 sessions wait for you"]);
  });

  it("gives way to one that tells of the others too, at a bounded pace", () => {
    const rig = aRig();
    rig.waits("a");
    rig.clock.advance(GRACE_MS + GATHER_MS);
    rig.waits("b");
    rig.waits("c");
    rig.clock.advance(GRACE_MS + GATHER_MS);
    assert.deepEqual(rig.desktop, ["a waits for you"]);
    rig.clock.advance(PACE_MS);
    assert.deepEqual(rig.desktop, ["a waits for you", "3 sessions wait for you"]);
  });

  it("stays as long as one of those it tells of waits", () => {
    const rig = aRig();
    rig.waits("a");
    rig.waits("b");
    rig.settle();
    rig.goesOn("a");
    assert.deepEqual(rig.desktop, ["2 sessions wait for you"]);
    rig.goesOn("b");
    assert.deepEqual(rig.desktop, ["2 sessions wait for you", "withdrawn"]);
  });

  it("is said to be unavailable once, where there is no desktop", async () => {
    const failures: unknown[] = [];
    const rig = aRig({
      desktop: { show: () => Promise.reject(new Error("no bus")), withdraw: () => Promise.reject(new Error("no bus")) },
      onUnavailable: (error) => failures.push(error),
    });
    for (const id of ["a", "b"]) {
      rig.waits(id);
      rig.settle();
      rig.goesOn(id);
      await new Promise(setImmediate);
    }
    assert.deepEqual(failures.map(String), ["Error: no bus"]);
  });
});

type Options = ConstructorParameters<typeof DesktopNotifications>[0];

function aRig(options: Partial<Options> = {}) {
  const clock = new ManualClock();
  const presence = new Presence({ remembered: null, remember: () => undefined });
  const desktop: string[] = [];
  let listener: (events: readonly TallyEvent[]) => void = () => undefined;
  new DesktopNotifications({
    desktop: {
      show: ({ title }) => Promise.resolve(void desktop.push(title)),
      withdraw: () => Promise.resolve(void desktop.push("withdrawn")),
    },
    presence,
    sessions: ["a", "b", "c", "d", "e"].map((id) => aSession({ id, title: id })),
    subscribe: (listen) => {
      listener = listen;
      return { dispose: () => undefined };
    },
    clock,
    onUnavailable: (error) => {
      throw error;
    },
    ...options,
  });
  const happens = (change: Change) => listener([{ seq: 1, at: 1, change }]);
  const changes = (session: Session) => happens({ type: "session.changed", session });
  return {
    clock,
    presence,
    desktop,
    changes,
    waits: (id: string) => changes(aSession({ id, title: id, state: "WAITING_USER" })),
    goesOn: (id: string) => changes(aSession({ id, title: id, state: "RUNNING" })),
    ends: (id: string) => changes(aSession({ id, title: id, state: "DONE", endedAt: 9 })),
    isRemoved: (id: string) => happens({ type: "session.removed", id }),
    /** Until everything that was begun has come to its end. */
    settle: () => clock.advance(GRACE_MS + GATHER_MS + PACE_MS),
  };
}
