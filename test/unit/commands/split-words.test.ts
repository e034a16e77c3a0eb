import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { splitWords } from "../../../src/commands/split-words.ts";

describe("a command line split into words", () => {
  for (const [line, words] of [
    ["npm run  dev", ["npm", "run", "dev"]],
    ["  ", []],
    [`say 'it is' "so good"`, ["say", "it is", "so good"]],
    [`a"b c"d`, ["ab cd"]],
    [`say ""`, ["say", ""]],
    ["one\\ word", ["one word"]],
    [`"a \\"quoted\\" word"`, [`a "quoted" word`]],
    [`'back\\slash'`, ["back\\slash"]],
    ["echo $HOME | cat *", ["echo", "$HOME", "|", "cat", "*"]],
    ["sag 🚀 ü", ["sag", "🚀", "ü"]],
  ] as const) {
    it(`makes ${JSON.stringify(words)} of ${JSON.stringify(line)}`, () => {
      assert.deepEqual(splitWords(line, { backslashEscapes: true }), words);
    });
  }

  it("is nothing while a quote is open", () => {
    assert.equal(splitWords(`say "hi`, { backslashEscapes: true }), null);
  });

  it("leaves the backslashes of a Windows path alone", () => {
    const words = splitWords(String.raw`C:\bin\tool.exe "C:\my files\a"`, { backslashEscapes: false });
    assert.deepEqual(words, [String.raw`C:\bin\tool.exe`, String.raw`C:\my files\a`]);
  });
});
