import assert from "node:assert/strict";
import { readDuration } from "../../../src/protocol/duration.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("a duration in words", () => {
  const durations: readonly [text: string, ms: number][] = [
    ["500ms", 500],
    ["90s", 90_000],
    ["90m", 90 * MINUTE],
    ["2h", 2 * HOUR],
    ["1.5h", 90 * MINUTE],
    ["2d", 2 * DAY],
    ["1w", 7 * DAY],
    ["1h30m", 90 * MINUTE],
    ["2h 13m", 2 * HOUR + 13 * MINUTE],
    ["8h44m7s", 8 * HOUR + 44 * MINUTE + 7_000],
    ["1 minute", MINUTE],
    ["2 days", 2 * DAY],
    ["5 days 22 hours 11 minutes", 5 * DAY + 22 * HOUR + 11 * MINUTE],
    ["1 hour, 5 minutes", HOUR + 5 * MINUTE],
    ["1 hour and 5 mins", HOUR + 5 * MINUTE],
    [" 2 H ", 2 * HOUR],
  ];
  for (const [text, ms] of durations) {
    it(`is read: ${text}`, () => {
      assert.equal(readDuration(text), ms);
    });
  }

  it("is nothing else", () => {
    for (const text of [
      "",
      "2",
      "h",
      "-2h",
      "2 monkeys",
      "1m2h",
      "1h1h",
      "2h,",
      "2h 3",
      "an hour",
      "1e3s",
      "Infinity h",
    ])
      assert.equal(readDuration(text), null, text);
  });
});
