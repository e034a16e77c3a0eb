import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { noteOf } from "../../../../src/server/notifications/note.ts";
import { aReason, aSession } from "../../../support/entities.ts";

describe("what a desktop notification says", () => {
  it("is who waits and for what", () => {
    const session = aSession({
      title: "Fix the cart",
      reason: aReason({ text: "It wants your permission: Bash: ls" }),
    });
    assert.deepEqual(noteOf([session]), {
      title: "Fix the cart waits for you",
      body: "claude: It wants your permission: Bash: ls",
    });
  });

  it("is how many wait, and who, when there are several", () => {
    const sessions = ["Cart", "Docs", "Login"].map((title) => aSession({ id: title, title }));
    assert.deepEqual(noteOf(sessions), { title: "3 sessions wait for you", body: "Cart, Docs, Login" });
  });

  it("stays short and on one line, and shows what would be hidden, whatever an agent wrote", () => {
    const text = `line\nbreak\u202e\u0007 ${"x".repeat(100_000)}`;
    const { title, body } = noteOf([aSession({ title: text, reason: aReason({ text }) })]);
    assert.ok(title.length < 80 && body.length < 180);
    assert.match(body, /^claude: line break<U\+202E><U\+0007> x+…$/);
  });
});
