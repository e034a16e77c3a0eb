import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { matchesSearch } from "../../../src/webview/search.ts";

const fields = ["Fix the cart's rounding", "claude · shop", null, undefined, "Übersicht der Café-Kasse"];

describe("a search", () => {
  for (const [search, why] of [
    ["", "is for everything without a word"],
    ["   ", "is for everything with spaces alone"],
    ["cart", "finds a part of a field"],
    ["ROUNDING cArT", "finds words in any order and case"],
    ["cart shop", "finds words of different fields"],
    ["ubersicht cafe", "finds letters with marks by those without"],
    ["ÜBERSICHT", "finds marked letters in any case"],
  ] as const) {
    it(why, () => assert.equal(matchesSearch(search, fields), true));
  }

  it("wants every word to be found", () => assert.equal(matchesSearch("cart codex", fields), false));

  it("does not find a word that two fields make together", () => {
    assert.equal(matchesSearch("roundingclaude", fields), false);
  });
});
