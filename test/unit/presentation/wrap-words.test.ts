import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { wrapWords } from "../../../src/presentation/wrap-words.ts";

describe("text in lines of a terminal", () => {
  it("is broken at spaces", () => {
    assert.deepEqual(wrapWords("The cart rounds each line and not the sum.", 20), [
      "The cart rounds each",
      "line and not the",
      "sum.",
    ]);
  });

  it("keeps the breaks that it has", () => {
    assert.deepEqual(wrapWords("one\n\ntwo", 20), ["one", "", "two"]);
  });

  it("goes on below the first word of a line that is indented", () => {
    assert.deepEqual(wrapWords("    a line of code that is long", 20), ["    a line of code", "    that is long"]);
  });

  it("leaves a word whole that is longer than the line", () => {
    const url = "https://example.com/a/long/path";
    assert.deepEqual(wrapWords(`see ${url} there`, 20), ["see", url, "there"]);
  });
});
