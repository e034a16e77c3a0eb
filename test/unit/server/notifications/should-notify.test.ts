import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Session } from "../../../../src/protocol/entities.ts";
import type { NotificationPlace } from "../../../../src/protocol/events.ts";
import type { Whereabouts } from "../../../../src/server/notifications/presence.ts";
import { isToldOnDesktop, shouldNotify } from "../../../../src/server/notifications/should-notify.ts";
import { aRequest, aSession } from "../../../support/entities.ts";

const running = aSession({ state: "RUNNING" });
const waiting = aSession({ state: "WAITING_USER" });
const asking = (id: string) => aSession({ state: "WAITING_USER", request: aRequest({ id }) });
const away: Whereabouts = { anyFocused: false, frontSessions: new Set() };

describe("whether the desktop tells that a session waits", () => {
  const table: readonly [why: string, before: Session | undefined, after: Session, expected: boolean][] = [
    ["it begins to wait", running, waiting, true],
    ["it waits from the start", undefined, waiting, true],
    ["it asks the next thing at once", asking("first"), asking("second"), true],
    ["it goes on waiting", waiting, aSession({ state: "WAITING_USER", title: "New title" }), false],
    ["it becomes known what it asks", waiting, asking("first"), false],
    ["it is no longer known what it asks", asking("first"), waiting, false],
    ["it goes on", waiting, running, false],
    ["it fails", running, aSession({ state: "ERROR" }), false],
    ["it has ended", running, aSession({ state: "WAITING_USER", endedAt: 5 }), false],
  ];
  for (const [why, before, after, expected] of table) {
    it(`is ${expected ? "yes" : "no"} when ${why}`, () => {
      assert.equal(shouldNotify(before, after, away, "both"), expected);
    });
  }
});

describe("whether the desktop tells it to a person", () => {
  const elsewhere: Whereabouts = { anyFocused: true, frontSessions: new Set(["another"]) };
  const before: Whereabouts = { anyFocused: true, frontSessions: new Set([waiting.id]) };
  const places: readonly [NotificationPlace, away: boolean, elsewhere: boolean, before: boolean][] = [
    ["both", true, false, false],
    ["desktop", true, true, false],
    ["editor", false, false, false],
    ["off", false, false, false],
  ];
  for (const [place, whenAway, whenElsewhere, whenBefore] of places) {
    const yes = (expected: boolean) => (expected ? "yes" : "no");
    it(`is ${yes(whenAway)} away from the editor, with the setting "${place}"`, () => {
      assert.equal(shouldNotify(running, waiting, away, place), whenAway);
    });
    it(`is ${yes(whenElsewhere)} elsewhere in the editor, with the setting "${place}"`, () => {
      assert.equal(shouldNotify(running, waiting, elsewhere, place), whenElsewhere);
    });
    it(`is ${yes(whenBefore)} before the session's terminal, with the setting "${place}"`, () => {
      assert.equal(shouldNotify(running, waiting, before, place), whenBefore);
    });
  }
});

describe("whether the desktop tells a person what is of no session", () => {
  const inEditor: Whereabouts = { anyFocused: true, frontSessions: new Set(["another"]) };
  const places: readonly [NotificationPlace, away: boolean, inEditor: boolean][] = [
    ["both", true, false],
    ["desktop", true, true],
    ["editor", false, false],
    ["off", false, false],
  ];
  for (const [place, whenAway, whenInEditor] of places) {
    it(`is ${whenAway ? "yes" : "no"} away from the editor, with the setting "${place}"`, () => {
      assert.equal(isToldOnDesktop(null, away, place), whenAway);
    });
    it(`is ${whenInEditor ? "yes" : "no"} in the editor, with the setting "${place}"`, () => {
      assert.equal(isToldOnDesktop(null, inEditor, place), whenInEditor);
    });
  }
});
