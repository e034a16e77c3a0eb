import assert from "node:assert/strict";
import {
  clockWords,
  countdownWords,
  durationWords,
  exactDurationWords,
  momentWords,
} from "../../../src/cli/screen/time-words.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("a time of day", () => {
  const nowMs = Date.parse("2026-11-21T12:47:00Z");
  const at = (iso: string, timeZone = "UTC") => clockWords(Date.parse(iso), { nowMs, timeZone });

  it("is told without its day when that is today", () => {
    assert.equal(at("2026-11-21T15:00:00Z"), "15:00");
    assert.equal(at("2026-11-21T00:05:00Z"), "00:05");
  });

  it("is told with its day when that is another", () => {
    assert.equal(at("2026-11-22T03:00:00Z"), "tomorrow 03:00");
    assert.equal(at("2026-11-20T03:00:00Z"), "yesterday 03:00");
    assert.equal(at("2026-11-24T07:56:00Z"), "Tue 24 Nov 07:56");
    assert.equal(at("2027-11-24T07:56:00Z"), "Wed 24 Nov 2027 07:56");
  });

  it("is that of the time zone, and so is the day", () => {
    assert.equal(at("2026-11-21T23:30:00Z", "Europe/Berlin"), "tomorrow 00:30");
    assert.equal(at("2026-11-22T03:00:00Z", "America/New_York"), "22:00");
  });

  it("is told right over a change of the clocks", () => {
    const night = Date.parse("2026-10-24T23:00:00Z");
    const tell = (iso: string) => clockWords(Date.parse(iso), { nowMs: night, timeZone: "Europe/Berlin" });
    assert.deepEqual([tell("2026-10-25T00:30:00Z"), tell("2026-10-25T01:30:00Z")], ["02:30", "02:30"]);
    assert.equal(tell("2026-10-25T23:30:00Z"), "tomorrow 00:30");
  });

  it("comes with how long it is until then", () => {
    assert.equal(momentWords(nowMs + 2 * HOUR + 13 * MINUTE, { nowMs, timeZone: "UTC" }), "15:00, in 2 h 13 min");
  });
});

describe("a duration", () => {
  it("is told in two units at most, and rounded up", () => {
    const told: [number, string][] = [
      [0, "0 s"],
      [1, "1 s"],
      [40 * SECOND, "40 s"],
      [59.5 * SECOND, "1 min"],
      [12 * MINUTE + 1, "13 min"],
      [59.5 * MINUTE, "1 h"],
      [2 * HOUR + 13 * MINUTE, "2 h 13 min"],
      [DAY - 1, "1 d"],
      [3 * DAY + 3 * HOUR + MINUTE, "3 d 4 h"],
      [7 * DAY, "7 d"],
    ];
    for (const [ms, words] of told) assert.equal(durationWords(ms), words, String(ms));
  });

  it("is told to the second for who watches it", () => {
    assert.equal(exactDurationWords(2 * HOUR + 13 * MINUTE + 4_001), "2 h 13 min 5 s");
    assert.equal(exactDurationWords(DAY + SECOND), "1 d 1 s");
    assert.equal(exactDurationWords(-1), "0 s");
  });

  it("that is over is due", () => {
    assert.deepEqual([countdownWords(10, 10), countdownWords(10 + HOUR, 10)], ["due now", "in 1 h"]);
  });
});
