import assert from "node:assert/strict";
import { detachKeyRecogniser } from "../../../src/cli/terminal/detach-key.ts";

const encodings = {
  "the control byte": "\x1c",
  "kitty's keyboard protocol": "\x1b[92;5u",
  "kitty's with num lock": "\x1b[92;133u",
  "kitty's with its event type": "\x1b[92;5:1u",
  "xterm's modifyOtherKeys": "\x1b[27;5;92~",
};

function feed(...pieces: string[]): { forwarded: string; detached: boolean } {
  const recognise = detachKeyRecogniser();
  let forwarded = "";
  for (const piece of pieces) {
    const { forward, detach } = recognise(Buffer.from(piece, "latin1"));
    forwarded += forward.toString("latin1");
    if (detach) return { forwarded, detached: true };
  }
  return { forwarded, detached: false };
}

describe("the detach key", () => {
  for (const [name, key] of Object.entries(encodings)) {
    describe(`as ${name}`, () => {
      it("detaches when pressed twice, and nothing of it reaches the agent", () => {
        assert.deepEqual(feed("before", key, key, "after"), { forwarded: "before", detached: true });
      });

      it("is held when pressed once, and passed on before the next key", () => {
        assert.deepEqual(feed(key), { forwarded: "", detached: false });
        assert.deepEqual(feed(key, "x"), { forwarded: `${key}x`, detached: false });
      });

      it("does not detach when another key was pressed in between", () => {
        assert.deepEqual(feed(key, "x", key, "y"), { forwarded: `${key}x${key}y`, detached: false });
      });

      it("is recognised wherever the input is cut", () => {
        const both = key + key;
        for (let cut = 1; cut < both.length; cut++) {
          assert.equal(feed(both.slice(0, cut), both.slice(cut)).detached, true, `cut at ${cut}`);
        }
      });

      it("is recognised when it arrives byte by byte", () => {
        assert.equal(feed(...(key + key).split("")).detached, true);
      });

      it("loses no byte of a single press wherever the input is cut", () => {
        const input = `a${key}b`;
        for (let cut = 1; cut < input.length; cut++) {
          assert.deepEqual(feed(input.slice(0, cut), input.slice(cut)), { forwarded: input, detached: false });
        }
      });
    });
  }

  it("may be reported with its release in between", () => {
    assert.deepEqual(feed("\x1b[92;5:1u", "\x1b[92;5:3u", "\x1b[92;5:1u"), { forwarded: "", detached: true });
  });

  it("is not its release alone", () => {
    assert.deepEqual(feed("\x1b[92;5:3u", "\x1b[92;5:3u"), { forwarded: "\x1b[92;5:3u\x1b[92;5:3u", detached: false });
  });

  it("is not the backslash with other modifiers", () => {
    const input = "\x1b[92;6u\x1b[92;6u\x1b[92;3u\x1b[92;3u";
    assert.deepEqual(feed(input), { forwarded: input, detached: false });
  });

  it("leaves Escape and Alt-[ to the agent at once", () => {
    assert.equal(feed("\x1b").forwarded, "\x1b");
    assert.equal(feed("\x1b[").forwarded, "\x1b[");
  });

  it("leaves other sequences whole, wherever they are cut", () => {
    const input = "\x1b[A\x1b[200~päste\x1b[201~\x1b[27;5;9~\x1b[<0;92;5M\x1b[92;2u\x1b[9;5u";
    const bytes = Buffer.from(input, "utf8").toString("latin1");
    for (let cut = 1; cut < bytes.length; cut++) {
      assert.deepEqual(feed(bytes.slice(0, cut), bytes.slice(cut)), { forwarded: bytes, detached: false });
    }
  });
});
