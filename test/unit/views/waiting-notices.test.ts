import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { emptyModel, type Model } from "../../../src/protocol/model.ts";
import type { Session } from "../../../src/protocol/entities.ts";
import type { NotificationPlace } from "../../../src/protocol/events.ts";
import { GRACE_MS, isToldHere, MAX_NOTICES, type Place, WaitingNotices } from "../../../src/views/waiting-notices.ts";
import { aRequest, aSession } from "../../support/entities.ts";
import { ManualClock } from "../../support/manual-clock.ts";

describe("whether a window tells that a session waits", () => {
  const here: Place = { isForemost: true, frontSessionId: null, notifications: "both" };

  it("is yes in the window that the person used last", () => assert.equal(isToldHere("a", here), true));

  it("is no in any other window", () => assert.equal(isToldHere("a", { ...here, isForemost: false }), false));

  it("is no while its terminal is in front", () => {
    assert.equal(isToldHere("a", { ...here, frontSessionId: "a" }), false);
    assert.equal(isToldHere("a", { ...here, frontSessionId: "b" }), true);
  });

  for (const [notifications, expected] of [
    ["both", true],
    ["editor", true],
    ["desktop", false],
    ["off", false],
  ] as const satisfies [NotificationPlace, boolean][]) {
    it(`is ${expected ? "yes" : "no"} with the setting "${notifications}"`, () => {
      assert.equal(isToldHere("a", { ...here, notifications }), expected);
    });
  }
});

describe("a notification in the editor", () => {
  it("comes once the session has waited for its grace", () => {
    const rig = aRig();
    rig.waits("a");
    rig.clock.advance(GRACE_MS - 1);
    assert.deepEqual(rig.open(), []);
    rig.clock.advance(1);
    assert.deepEqual(rig.open(), ["a"]);
  });

  it("does not come when the session went on within its grace", () => {
    const rig = aRig();
    rig.waits("a");
    rig.goesOn("a");
    rig.clock.advance(GRACE_MS);
    assert.deepEqual(rig.open(), []);
  });

  it("does not come for what waited before the window opened", () => {
    const rig = aRig({ at: [aSession({ id: "a", state: "WAITING_USER" })] });
    rig.clock.advance(GRACE_MS);
    assert.deepEqual(rig.open(), []);
  });

  it("does not come while the person looks at the session's terminal", () => {
    const rig = aRig();
    rig.place.frontSessionId = "a";
    rig.waits("a");
    rig.clock.advance(GRACE_MS);
    assert.deepEqual(rig.open(), []);
  });

  for (const end of ["goesOn", "ends", "isRemoved"] as const) {
    it(`goes away when the session ${{ goesOn: "goes on", ends: "ends", isRemoved: "is removed" }[end]}`, () => {
      const rig = aRig();
      rig.waits("a");
      rig.clock.advance(GRACE_MS);
      rig[end]("a");
      assert.deepEqual(rig.open(), []);
    });
  }

  it("goes away when the person comes before the session's terminal", () => {
    const rig = aRig();
    rig.waits("a");
    rig.clock.advance(GRACE_MS);
    rig.place.frontSessionId = "a";
    rig.notices.frontChanged();
    assert.deepEqual(rig.open(), []);
  });

  it("does not come back when the person closed it, until the session waits anew", () => {
    const rig = aRig();
    rig.waits("a");
    rig.clock.advance(GRACE_MS);
    rig.close("a");
    rig.changes(aSession({ id: "a", state: "WAITING_USER", updatedAt: 9 }));
    rig.clock.advance(GRACE_MS);
    assert.deepEqual(rig.open(), []);
    rig.goesOn("a");
    rig.waits("a");
    rig.clock.advance(GRACE_MS);
    assert.deepEqual(rig.open(), ["a"]);
  });

  it("says more once more is known of what the session waits for", () => {
    const rig = aRig();
    rig.waits("a");
    rig.clock.advance(GRACE_MS);
    rig.changes(aSession({ id: "a", state: "WAITING_USER", request: aRequest({ title: "Bash: ls" }) }));
    assert.match(rig.text("a"), /Bash: ls/);
  });

  it("gives way to the next request of the same session, after its grace", () => {
    const rig = aRig();
    const asks = (id: string) =>
      rig.changes(aSession({ id: "a", state: "WAITING_USER", request: aRequest({ id, title: id }) }));
    asks("first");
    rig.clock.advance(GRACE_MS);
    asks("second");
    assert.deepEqual(rig.open(), []);
    rig.clock.advance(GRACE_MS);
    assert.match(rig.text("a"), /second/);
  });

  it("leaves room: further ones come when one is gone", () => {
    const rig = aRig();
    const ids = ["a", "b", "c", "d", "e"];
    for (const id of ids) rig.waits(id);
    rig.clock.advance(GRACE_MS);
    assert.equal(rig.open().length, MAX_NOTICES);
    rig.goesOn("a");
    assert.deepEqual(rig.open(), ["b", "c", "d"]);
    rig.close("c");
    assert.deepEqual(rig.open(), ["b", "d", "e"]);
  });
});

function aRig({ at = [] }: { at?: readonly Session[] } = {}) {
  const clock = new ManualClock();
  const place = { isForemost: true, frontSessionId: null as string | null, notifications: "both" as const };
  const open = new Map<string, { text: string; onClosed: () => void }>();
  const notices = new WaitingNotices({
    clock,
    place: () => place,
    show: (id, { text }, onClosed) => {
      open.set(id, { text, onClosed });
      return {
        update: (notice) => open.set(id, { text: notice.text, onClosed }),
        close: () => open.delete(id),
      };
    },
  });
  let model: Model = { ...emptyModel, sessions: new Map(at.map((session) => [session.id, session])) };
  notices.update(model);
  const become = (sessions: Map<string, Session>) => {
    model = { ...model, sessions };
    notices.update(model);
  };
  const changes = (session: Session) => become(new Map(model.sessions).set(session.id, session));
  return {
    clock,
    place,
    notices,
    changes,
    waits: (id: string) => changes(aSession({ id, state: "WAITING_USER" })),
    goesOn: (id: string) => changes(aSession({ id, state: "RUNNING" })),
    ends: (id: string) => changes(aSession({ id, state: "DONE", endedAt: 9 })),
    isRemoved: (id: string) => become(new Map([...model.sessions].filter(([other]) => other !== id))),
    open: () => [...open.keys()],
    text: (id: string) => open.get(id)?.text ?? "",
    /** As the person does. */
    close: (id: string) => {
      const { onClosed } = open.get(id) ?? {};
      open.delete(id);
      onClosed?.();
    },
  };
}
