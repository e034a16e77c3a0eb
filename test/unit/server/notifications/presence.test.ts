import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { NotificationPlace, Presence as Said } from "../../../../src/protocol/events.ts";
import { Presence } from "../../../../src/server/notifications/presence.ts";

describe("where the person is", () => {
  it("is nowhere when no window is open", () => {
    const presence = aPresence();
    assert.equal(presence.anyFocused, false);
    assert.deepEqual([...presence.frontSessions], []);
  });

  it("is in a window that has the focus, at the session that is in front there", () => {
    const presence = aPresence();
    presence.set(aWindow(), said({ isFocused: true, frontSessionId: "a" }));
    presence.set(aWindow(), said({ isFocused: false, frontSessionId: "b" }));
    assert.equal(presence.anyFocused, true);
    assert.deepEqual([...presence.frontSessions], ["a"]);
  });

  it("is what a window said last, and no longer known once it has closed", () => {
    const presence = aPresence();
    const window = aWindow();
    presence.set(window, said({ isFocused: true, frontSessionId: "a" }));
    presence.set(window, said({ isFocused: true, frontSessionId: null }));
    assert.deepEqual([...presence.frontSessions], []);
    presence.remove(window);
    assert.equal(presence.anyFocused, false);
  });
});

describe("the foremost window", () => {
  it("is the only one there is, also without the focus", () => {
    const window = aWindow();
    aPresence().set(window, said({ isFocused: false }));
    assert.equal(window.isForemost, true);
  });

  it("is the one that came to have the focus last, and stays it when the focus leaves the editor", () => {
    const presence = aPresence();
    const [first, second] = [aWindow(), aWindow()];
    presence.set(first, said({ isFocused: true }));
    presence.set(second, said({ isFocused: false }));
    assert.deepEqual([first.isForemost, second.isForemost], [true, false]);
    presence.set(second, said({ isFocused: true }));
    presence.set(first, said({ isFocused: false }));
    presence.set(second, said({ isFocused: false }));
    assert.deepEqual([first.isForemost, second.isForemost], [false, true]);
  });

  it("is the one before it once it has closed", () => {
    const presence = aPresence();
    const [first, second, third] = [aWindow(), aWindow(), aWindow()];
    for (const window of [first, second, third]) {
      presence.set(window, said({ isFocused: true }));
      presence.set(window, said({ isFocused: false }));
    }
    presence.remove(third);
    assert.deepEqual([first.isForemost, second.isForemost], [false, true]);
  });
});

describe("the setting for notifications", () => {
  it("is both before any window has said it", () => assert.equal(aPresence().place, "both"));

  it("is what was remembered when no window is open", () => {
    assert.equal(aPresence({ remembered: "off" }).place, "off");
  });

  it("is remembered when a window says another, and once only", () => {
    const remembered: NotificationPlace[] = [];
    const presence = aPresence({ remember: (place) => remembered.push(place) });
    const window = aWindow();
    presence.set(window, said({ notifications: "editor" }));
    presence.set(window, said({ notifications: "editor", isFocused: true }));
    presence.remove(window);
    assert.equal(presence.place, "editor");
    assert.deepEqual(remembered, ["editor"]);
  });
});

function aPresence(options: Partial<ConstructorParameters<typeof Presence>[0]> = {}): Presence {
  return new Presence({ remembered: null, remember: () => undefined, ...options });
}

function aWindow() {
  return {
    isForemost: undefined as boolean | undefined,
    tellForemost(isForemost: boolean): void {
      this.isForemost = isForemost;
    },
  };
}

function said(fields: Partial<Said>): Said {
  return { type: "presence", isFocused: false, frontSessionId: null, notifications: "both", ...fields };
}
