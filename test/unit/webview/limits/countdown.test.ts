import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { lastSeconds, tickMs } from "../../../../src/webview/sections/limits/countdown.ts";

const now = 1_000_000;
const minutes = (count: number) => now + count * 60_000;

describe("the countdown of a pause", () => {
  for (const [what, until, words, everyMs] of [
    ["hours before the reset", minutes(120), null, 30_000],
    ["in the last five minutes", minutes(5), "5:00", 1_000],
    ["in the last seconds", now + 8_200, "0:09", 1_000],
    ["after the reset", now - 1, null, 30_000],
    ["without a known reset", null, null, 30_000],
  ] as const) {
    it(`${what} says ${words ?? "no seconds"}`, () => {
      assert.deepEqual([lastSeconds(until, now), tickMs(until, now)], [words, everyMs]);
    });
  }
});
