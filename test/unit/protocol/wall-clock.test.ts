import assert from "node:assert/strict";
import {
  addDays,
  dayOf,
  isDay,
  isTimeZone,
  momentLeftOut,
  momentsOf,
  weekdayOf,
} from "../../../src/protocol/wall-clock.ts";

function moments(wall: string, timeZone: string): string[] {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = wall.split(/\D/).map(Number);
  return momentsOf({ year, month, day, hour, minute, second: 0 }, timeZone).map((at) => new Date(at).toISOString());
}

describe("a time on a wall clock", () => {
  it("is one moment on most days", () => {
    assert.deepEqual(moments("2026-11-24 07:56", "America/New_York"), ["2026-11-24T12:56:00.000Z"]);
  });

  it("is two where the clocks are put back over it, also by half an hour", () => {
    assert.deepEqual(moments("2026-11-01 01:30", "America/New_York"), [
      "2026-11-01T05:30:00.000Z",
      "2026-11-01T06:30:00.000Z",
    ]);
    assert.deepEqual(moments("2027-04-04 01:45", "Australia/Lord_Howe"), [
      "2027-04-03T14:45:00.000Z",
      "2027-04-03T15:15:00.000Z",
    ]);
  });

  it("is none where the clocks leave it out", () => {
    assert.deepEqual(moments("2027-03-14 02:30", "America/New_York"), []);
    assert.deepEqual(moments("2026-10-04 02:15", "Australia/Lord_Howe"), []);
  });

  it("that is left out is as much later as the clocks are put forward", () => {
    const half = { year: 2027, month: 3, day: 14, hour: 2, minute: 30, second: 0 };
    assert.equal(momentLeftOut(half, "America/New_York"), Date.parse("2027-03-14T03:30:00-04:00"));
    const quarter = { year: 2026, month: 10, day: 4, hour: 2, minute: 15, second: 0 };
    assert.equal(momentLeftOut(quarter, "Australia/Lord_Howe"), Date.parse("2026-10-04T02:45:00+11:00"));
  });

  it("is in an offset, too", () => {
    assert.deepEqual(moments("2026-11-24 07:56", "-03:30"), ["2026-11-24T11:26:00.000Z"]);
  });
});

describe("a day of a calendar", () => {
  it("is the one that it is there", () => {
    const at = Date.parse("2026-12-31T12:00:00Z");
    assert.deepEqual(dayOf(at, "Pacific/Auckland"), { year: 2027, month: 1, day: 1 });
    assert.deepEqual(dayOf(at, "Pacific/Honolulu"), { year: 2026, month: 12, day: 31 });
  });

  it("is followed by another over the ends of months and years", () => {
    assert.deepEqual(addDays({ year: 2026, month: 12, day: 31 }, 1), { year: 2027, month: 1, day: 1 });
    assert.deepEqual(addDays({ year: 2028, month: 2, day: 28 }, 1), { year: 2028, month: 2, day: 29 });
  });

  it("is one of the week", () => {
    assert.equal(weekdayOf({ year: 2026, month: 11, day: 22 }), 0);
  });

  it("is none that there is not", () => {
    assert.equal(isDay({ year: 2028, month: 2, day: 29 }), true);
    assert.equal(isDay({ year: 2026, month: 2, day: 29 }), false);
  });
});

describe("a time zone", () => {
  it("is one that there is", () => {
    assert.deepEqual(["Europe/Berlin", "UTC", "+05:45"].map(isTimeZone), [true, true, true]);
    for (const none of ["Europe/Barcelona", "+00:07", "+99:99", "__proto__", "constructor", ""]) {
      assert.equal(isTimeZone(none), false, none);
    }
  });
});
