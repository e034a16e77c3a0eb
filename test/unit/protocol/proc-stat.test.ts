import assert from "node:assert/strict";
import { statFields } from "../../../src/protocol/proc-stat.ts";

describe("the fields of a process's stat", () => {
  for (const name of ["sh", "two words", ":) (:", "a) S 9 9"]) {
    it(`begin after the name, be it ${JSON.stringify(name)}`, () => {
      assert.deepEqual(statFields(`42 (${name}) S 7 42`), ["S", "7", "42"]);
    });
  }
});
