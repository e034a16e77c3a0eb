import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Session } from "../../../../src/protocol/entities.ts";
import { CanGoOnNotifications } from "../../../../src/server/notifications/can-go-on-notifications.ts";
import { aContinuation, anAccount, aSession } from "../../../support/entities.ts";
import { limitRig } from "./limit-rig.ts";

const account = anAccount();
const continuation = aContinuation({ owner: "person", status: "not-resumed" });
const paused = (id = "a") =>
  aSession({
    id,
    state: "PAUSED",
    accountId: account.id,
    cwd: `/home/me/shop-${id}`,
    continuation: aContinuation({ owner: "person", status: "scheduled" }),
  });
const reset = (id = "a") => ({ ...paused(id), continuation });

describe("a session that only the person can go on with", () => {
  it("is told of on the desktop when its limit has reset, once", () => {
    const rig = aRig();
    rig.session(paused());
    rig.session(reset());
    rig.session({ ...reset(), promptCount: 2 });
    rig.gather();
    assert.deepEqual(rig.desktop, ["Claude Code in shop-a can go on: Its limit has reset."]);
  });

  it("is told of together with the others", () => {
    const rig = aRig();
    for (const id of ["a", "b"]) rig.session(reset(id));
    rig.gather();
    assert.deepEqual(rig.desktop, [
      "2 sessions can go on: Their limit has reset: Claude Code in shop-a, Claude Code in shop-b",
    ]);
  });

  it("is not told of when it could already before the gateway started", () => {
    const rig = aRig([reset()]);
    rig.session({ ...reset(), promptCount: 2 });
    rig.gather();
    assert.deepEqual(rig.desktop, []);
  });

  it("is not told of when Tally did not resume one of its own", () => {
    const rig = aRig();
    rig.session(aSession({ continuation: { ...continuation, owner: "tally" } }));
    rig.gather();
    assert.deepEqual(rig.desktop, []);
  });

  it("is not told of to a person who is in the editor", () => {
    const rig = aRig();
    rig.person.isAway = false;
    rig.session(reset());
    rig.gather();
    assert.deepEqual(rig.desktop, []);
  });

  const ends: readonly [why: string, end: (rig: ReturnType<typeof aRig>) => void][] = [
    ["it goes on", (rig) => rig.session({ ...reset(), state: "RUNNING" })],
    ["it has ended", (rig) => rig.session({ ...reset(), state: "DONE", endedAt: 9 })],
    ["it met the next limit", (rig) => rig.session(paused())],
    ["it was removed", (rig) => rig.happens({ type: "session.removed", id: "a" })],
  ];
  for (const [why, end] of ends) {
    it(`is no longer told of when ${why}`, () => {
      const rig = aRig();
      rig.session(reset());
      rig.gather();
      end(rig);
      assert.deepEqual(rig.desktop.slice(1), ["withdrawn"]);
    });
  }

  it("is not told of when it goes on at once", () => {
    const rig = aRig();
    rig.session(reset());
    rig.session({ ...reset(), state: "RUNNING" });
    rig.gather();
    assert.deepEqual(rig.desktop, []);
  });
});

function aRig(sessions: Session[] = []) {
  const rig = limitRig();
  new CanGoOnNotifications({ ...rig.options, sessions, accounts: [account] });
  return rig;
}
