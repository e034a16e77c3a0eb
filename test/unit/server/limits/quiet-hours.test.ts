import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { quietHoursSchema } from "../../../../src/protocol/limits.ts";
import { quietUntil } from "../../../../src/server/limits/quiet-hours.ts";

const MINUTE_MS = 60_000;

describe("the end of the quiet hours", () => {
  const table: readonly [why: string, hours: string | null, now: string, timeZone: string, until: string | null][] = [
    ["there are none", null, "2026-11-21T23:00Z", "UTC", null],
    ["it is before them", "22:00-07:00", "2026-11-21T21:59:59Z", "UTC", null],
    ["they begin", "22:00-07:00", "2026-11-21T22:00Z", "UTC", "2026-11-22T07:00Z"],
    ["it is after midnight", "22:00-07:00", "2026-11-22T03:20:10Z", "UTC", "2026-11-22T07:00Z"],
    ["they end", "22:00-07:00", "2026-11-22T07:00Z", "UTC", null],
    ["they are within one day", "12:30-13:15", "2026-11-21T13:14:59Z", "UTC", "2026-11-21T13:15Z"],
    ["they end at midnight", "20:00-00:00", "2026-11-21T23:00Z", "UTC", "2026-11-22T00:00Z"],
    ["they are from and to the same time", "22:00-22:00", "2026-11-21T22:00Z", "UTC", null],
    ["the zone is far away", "22:00-07:00", "2026-11-21T15:00Z", "Asia/Tokyo", "2026-11-21T22:00Z"],
    ["the zone is half an hour off", "22:00-07:00", "2026-11-21T17:00Z", "Asia/Kolkata", "2026-11-22T01:30Z"],
    ["the night is shorter", "22:00-07:00", "2026-03-28T21:00Z", "Europe/Berlin", "2026-03-29T05:00Z"],
    ["the night is longer", "22:00-07:00", "2026-10-24T20:00Z", "Europe/Berlin", "2026-10-25T06:00Z"],
    ["their end is left out", "22:00-02:30", "2026-03-29T00:00Z", "Europe/Berlin", "2026-03-29T01:00Z"],
    ["the clock shows their end twice", "22:00-02:30", "2026-10-25T00:00Z", "Europe/Berlin", "2026-10-25T00:30Z"],
    ["the hour comes back", "22:00-02:30", "2026-10-25T01:10Z", "Europe/Berlin", "2026-10-25T01:30Z"],
  ];
  for (const [why, hours, now, timeZone, until] of table) {
    it(`is ${until ?? "not to come"} when ${why}`, () => {
      assert.equal(
        toIso(quietUntil(hours, Date.parse(now), timeZone)),
        until === null ? null : toIso(Date.parse(until)),
      );
    });
  }

  it("is the first moment after now at which a clock on the wall there is past them", () => {
    const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
    const time = (minutes: number) => new Date(minutes * MINUTE_MS).toISOString().slice(11, 16);
    const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu");
    // Half of the runs are around a change of clocks in Europe or America.
    const now = fc.oneof(
      fc.date({ min: new Date("2026-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }).map(Number),
      fc
        .tuple(
          fc.constantFrom("2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01"),
          fc.integer({ min: -43_200, max: 86_400 }),
        )
        .map(([day, seconds]) => Date.parse(day) + seconds * 1_000),
    );
    fc.assert(
      fc.property(minute, minute, now, zone, (from, to, at, timeZone) => {
        const hours = quietHoursSchema.parse(`${time(from)}-${time(to)}`);
        const isQuiet = (moment: number) => {
          const shown = new Date(moment).toLocaleTimeString("sv-SE", { timeZone }).slice(0, 5);
          return from <= to ? time(from) <= shown && shown < time(to) : time(from) <= shown || shown < time(to);
        };
        const until = quietUntil(hours, at, timeZone);
        if (until === null) return !isQuiet(at);
        const within = [0, 0.1, 0.3, 0.5, 0.7, 0.9].map((part) => at + Math.floor((until - at) * part));
        return until > at && !isQuiet(until) && [...within, until - 1].every(isQuiet);
      }),
      { numRuns: 300 },
    );
  });
});

function toIso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
