import assert from "node:assert/strict";
import { edit, emptyComposer, promptOf, shownOf } from "../../../src/demo/composer.ts";
import { type EditingKey, type Key, keyReader } from "../../../src/demo/keys.ts";

function keysOf(...pieces: (string | Buffer)[]): Key[] {
  const read = keyReader();
  return pieces.flatMap((piece) => read(Buffer.from(piece)));
}

const composed = (...keys: EditingKey[]) => keys.reduce(edit, emptyComposer);

describe("the demo agent's keyboard", () => {
  it("reads text and control keys", () => {
    assert.deepEqual(keysOf("hé\r\x03\x04\x7f"), [
      { type: "text", text: "hé" },
      { type: "enter" },
      { type: "interrupt" },
      { type: "end" },
      { type: "backspace" },
    ]);
  });

  it("reads a character that is cut in two", () => {
    const [first, second] = [Buffer.from("é").subarray(0, 1), Buffer.from("é").subarray(1)];
    assert.deepEqual(keysOf(first, second), [{ type: "text", text: "é" }]);
  });

  it("reads a paste wherever it is cut", () => {
    const input = "\x1b[200~one\r\ntwo\rthree\x1b[201~!";
    for (let cut = "\x1b[200~".length; cut < input.length; cut++) {
      assert.deepEqual(keysOf(input.slice(0, cut), input.slice(cut)), [
        { type: "paste", text: "one\ntwo\nthree" },
        { type: "text", text: "!" },
      ]);
    }
  });

  it("tells Escape from the sequences that begin with it", () => {
    assert.deepEqual(keysOf("\x1b"), [{ type: "escape" }]);
    assert.deepEqual(keysOf("\x1b[A\x1bOP\x1b[<0;1;1M"), []);
  });
});

describe("the demo agent's composer", () => {
  it("shows a paste of several lines as how many they are, and sends it whole", () => {
    const composer = composed({ type: "text", text: "see " }, { type: "paste", text: "a\nb\nc" });
    assert.equal(shownOf(composer), "see [pasted 3 lines]");
    assert.equal(promptOf(composer), "see a\nb\nc");
  });

  it("shows a paste of one line as text", () => {
    assert.equal(shownOf(composed({ type: "paste", text: "one line" })), "one line");
  });

  it("erases what a person takes for one character", () => {
    assert.equal(promptOf(composed({ type: "text", text: "a👩‍💻" }, { type: "backspace" })), "a");
  });

  it("erases a paste as a whole", () => {
    const composer = composed({ type: "text", text: "x" }, { type: "paste", text: "a\nb" }, { type: "backspace" });
    assert.equal(promptOf(composer), "x");
  });

  it("has nothing left to erase", () => {
    assert.deepEqual(composed({ type: "backspace" }), emptyComposer);
  });
});
