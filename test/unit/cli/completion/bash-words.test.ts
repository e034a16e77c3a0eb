import assert from "node:assert/strict";
import { bashReplies, readBashLine } from "../../../../src/cli/completion/bash-words.ts";

/** What bash breaks words at, unless it was told otherwise. */
const breaks = " \t\n\"'@><=;|&(:";
const wordsOf = (line: string) => readBashLine(line, breaks).words;
const replies = (line: string, ...values: string[]) => bashReplies(readBashLine(line, breaks), values);

describe("words of a bash line", () => {
  it("are told apart by blanks, and the last is being typed", () => {
    assert.deepEqual(wordsOf("tally  show\tx"), ["tally", "show", "x"]);
    assert.deepEqual(wordsOf("tally show "), ["tally", "show", ""]);
    assert.deepEqual(wordsOf(""), [""]);
  });

  it("lose their quotes", () => {
    assert.deepEqual(wordsOf(`tally run "fix \\"it\\" at \\once" a\\ b '$x\\'`), [
      "tally",
      "run",
      'fix "it" at \\once',
      "a b",
      "$x\\",
    ]);
    assert.deepEqual(wordsOf('tally show "my wo'), ["tally", "show", "my wo"]);
    assert.deepEqual(wordsOf("tally run ''"), ["tally", "run", ""]);
  });

  it("are not expanded", () => assert.deepEqual(wordsOf("tally show $(id)"), ["tally", "show", "$(id)"]));
});

describe("replies to bash", () => {
  it("are those that begin as was typed", () =>
    assert.deepEqual(replies("tally li", "list", "limits", "add"), ["list", "limits"]));

  it("are one word each, of which nothing is expanded", () => {
    assert.deepEqual(replies("tally show ", "it's $(x)", "~a", "größe-1.2_3"), [
      "it\\'s\\ \\$\\(x\\)",
      "\\~a",
      "größe-1.2_3",
    ]);
  });

  it("keep to the quotation mark that is open", () => {
    assert.deepEqual(replies('tally show "a', 'a "b" $c'), ['a \\"b\\" \\$c']);
    assert.deepEqual(replies("tally show 'a", "a 'b' $c"), ["a '\\''b'\\'' $c"]);
  });

  it("leave out what stands before a character that bash breaks at", () => {
    assert.deepEqual(replies("tally wait --for=ID", "--for=IDLE"), ["IDLE"]);
    assert.deepEqual(replies("tally show a\\=b", "a=bc"), ["a\\=bc"]);
  });
});
