import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { age } from "../../../../src/presentation/wording.ts";
import { waitingSince } from "../../../../src/webview/sections/waiting/since-words.ts";

const minute = 60_000;

describe("since when a session waits", () => {
  const since = new Date(2026, 10, 20, 23, 14, 10).getTime();

  for (const [elapsedMs, words] of [
    [0, "since 23:14 (just now)"],
    [minute, "since 23:14 (1 min)"],
    [2 * minute - 1, "since 23:14 (1 min)"],
    [133 * minute, "since yesterday 23:14 (2 h 13 min)"],
  ] as const) {
    it(`is "${words}" after ${elapsedMs} ms`, () => assert.equal(waitingSince(since, since + elapsedMs), words));
  }

  it("is not ahead of its row", () => {
    assert.equal(age(since, since + 5 * minute - 1), "4m");
    assert.match(waitingSince(since, since + 5 * minute - 1), /\(4 min\)$/);
  });

  it("has begun, where the clock of the page is behind", () => {
    assert.equal(waitingSince(since, since - minute), "since 23:14 (just now)");
  });
});
