import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { searchWords } from "../../../src/webview/search-words.ts";

describe("what is said of a search", () => {
  for (const [sessions, tasks, words] of [
    [1, 0, "1 session matches “docs”."],
    [0, 2, "2 tasks match “docs”."],
    [2, 1, "2 sessions and 1 task match “docs”."],
    [0, 0, "No session and no task matches “docs”."],
  ] as const) {
    it(`that finds ${sessions} sessions and ${tasks} tasks is "${words}"`, () => {
      assert.equal(searchWords(" docs ", { sessions, tasks }), words);
    });
  }
});
