import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { clockTime, lengthWords, timeLeftWords } from "../../../src/presentation/limit-times.ts";

const minute = 60_000;
const hour = 60 * minute;

describe("a time by the clock on the wall", () => {
  const now = at(21, 12, 47);

  for (const [what, time, words] of [
    ["today", at(21, 15), "15:00"],
    ["today and past", at(21, 3, 5), "03:05"],
    ["tomorrow", at(22, 9, 30), "tomorrow 09:30"],
    ["before long, though tomorrow", at(22, 0, 46), "00:46"],
    ["tomorrow, though in less than 24 hours", at(22, 0, 47), "tomorrow 00:47"],
    ["yesterday", at(20, 23, 59), "yesterday 23:59"],
    ["within a week", at(24, 7, 56), "Tue 07:56"],
    ["after a week", at(28, 7, 56), "28 Nov 07:56"],
    ["days ago", at(18, 7, 56), "18 Nov 07:56"],
  ] as const) {
    it(`is "${words}" when that is ${what}`, () => assert.equal(clockTime(time, now), words));
  }
});

describe("the length of a time", () => {
  for (const [ms, words] of [
    [1, "1 min"],
    [minute, "1 min"],
    [minute + 1, "2 min"],
    [59 * minute, "59 min"],
    [hour, "1 h"],
    [2 * hour + 13 * minute, "2 h 13 min"],
    [24 * hour, "1 d"],
    [76 * hour, "3 d 4 h"],
  ] as const) {
    it(`is "${words}" for ${ms} ms`, () => assert.equal(lengthWords(ms), words));
  }
});

describe("the time that is left", () => {
  for (const [ms, words] of [
    [1, "1 min"],
    [2 * hour + minute / 2 - 1, "2 h"],
    [2 * hour + minute / 2, "2 h 1 min"],
  ] as const) {
    it(`is "${words}" for ${ms} ms`, () => assert.equal(timeLeftWords(ms), words));
  }
});

function at(day: number, hours: number, minutes = 0): number {
  return new Date(2026, 10, day, hours, minutes).getTime();
}
