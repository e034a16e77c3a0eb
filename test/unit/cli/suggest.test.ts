import assert from "node:assert/strict";
import { didYouMean, editDistance, suggestions } from "../../../src/cli/suggest.ts";

describe("suggestions for a mistyped word", () => {
  const words = ["list", "logs", "status", "claude", "end"];

  it("finds a word with a letter left out", () => {
    assert.deepEqual(suggestions("clade", words), ["claude"]);
  });

  it("finds a word with two letters swapped", () => {
    assert.deepEqual(suggestions("lsit", words), ["list"]);
  });

  it("puts the nearest first", () => {
    assert.deepEqual(suggestions("logt", words), ["logs", "list"]);
  });

  it("does not mind upper case", () => {
    assert.deepEqual(suggestions("STATUS", words), ["status"]);
  });

  it("has none for a word that is like nothing known", () => {
    assert.deepEqual(suggestions("kubectl", words), []);
  });

  it("is named behind what is wrong, few of many, and not where it is like none", () => {
    const many = Array.from({ length: 20 }, (_, index) => `fix-${index + 1}`);
    assert.match(didYouMean("fix-30", many), /^Did you mean: fix-\d+, fix-\d+, fix-\d+\?$/);
    assert.equal(didYouMean("Fixx", ["FIX"]), "Did you mean: FIX?");
    assert.equal(didYouMean("cart", many), "");
  });

  it("counts edits as a person makes them", () => {
    assert.deepEqual(
      [
        editDistance("", "abc"),
        editDistance("abc", "abc"),
        editDistance("abcd", "acbd"),
        editDistance("kitten", "sitting"),
      ],
      [3, 0, 1, 3],
    );
  });
});
