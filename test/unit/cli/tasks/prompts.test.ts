import assert from "node:assert/strict";
import { splitPrompts } from "../../../../src/cli/tasks/prompts.ts";

describe("a file of tasks", () => {
  it("has one on each line that is not empty", () => {
    assert.deepEqual(splitPrompts("Fix the cart\n\n  Test it \r\nCommit\n"), ["Fix the cart", "Test it", "Commit"]);
  });

  it("has one between lines of three dashes, with all its lines", () => {
    assert.deepEqual(splitPrompts("---\nFix:\n- the cart\n\n- the till\n---\r\nTest it\n---\n"), [
      "Fix:\n- the cart\n\n- the till",
      "Test it",
    ]);
  });

  it("takes dashes among other words for words", () => {
    assert.deepEqual(splitPrompts("a --- b\n----\n"), ["a --- b", "----"]);
  });
});
