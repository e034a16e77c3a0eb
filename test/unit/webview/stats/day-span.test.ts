import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { calendarDay, daysUntil, dayWords, startOfDay } from "../../../../src/webview/sections/stats/day-span.ts";

describe("the days of a span", () => {
  it("end with the last one", () => {
    assert.deepEqual(daysUntil("2026-03-01", 3), ["2026-02-27", "2026-02-28", "2026-03-01"]);
  });

  it("go on over a change of the clocks", () => {
    assert.deepEqual(daysUntil("2026-10-26", 3), ["2026-10-24", "2026-10-25", "2026-10-26"]);
  });

  it("are those of this machine's calendar", () => {
    assert.equal(calendarDay(new Date(2026, 10, 21, 0, 0).getTime()), "2026-11-21");
    assert.equal(calendarDay(new Date(2026, 10, 21, 23, 59).getTime()), "2026-11-21");
  });

  it("begin at midnight", () => {
    assert.equal(startOfDay(new Date(2026, 10, 21, 15, 30).getTime(), 2), new Date(2026, 10, 19).getTime());
  });

  it("are written in short", () => assert.equal(dayWords("2026-11-21"), "21 Nov"));
});
