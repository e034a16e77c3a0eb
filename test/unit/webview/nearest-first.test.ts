import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { nearestFirst } from "../../../src/webview/nearest-first.ts";

describe("who gets the focus of a row that goes away", () => {
  for (const [row, order] of [
    ["a", "abcd"],
    ["c", "cdba"],
    ["d", "dcba"],
  ] as const) {
    it(`of ${row}, itself, those after it and then those before it`, () => {
      assert.equal(nearestFirst(["a", "b", "c", "d"], row).join(""), order);
    });
  }
});
