import assert from "node:assert/strict";
import { type LocalDay, localDays, startOfDay } from "../../../../src/server/stats/local-days.ts";

const HOUR_MS = 3_600_000;
const at = (time: string) => Date.parse(time);
const told = (days: readonly LocalDay[]) =>
  days.map(({ day, startsAt, endsAt }) => [day, new Date(startsAt).toISOString(), (endsAt - startsAt) / HOUR_MS]);

describe("the days of a time zone", () => {
  it("are those that the first and the last moment are in, and all between", () => {
    assert.deepEqual(told(localDays(at("2026-11-20T23:30:00Z"), at("2026-11-22T00:00:00Z"), "UTC")), [
      ["2026-11-20", "2026-11-20T00:00:00.000Z", 24],
      ["2026-11-21", "2026-11-21T00:00:00.000Z", 24],
      ["2026-11-22", "2026-11-22T00:00:00.000Z", 24],
    ]);
  });

  it("are longer and shorter where the clocks change", () => {
    assert.deepEqual(told(localDays(at("2026-10-25T12:00:00Z"), at("2026-10-25T12:00:00Z"), "Europe/Berlin")), [
      ["2026-10-25", "2026-10-24T22:00:00.000Z", 25],
    ]);
    assert.deepEqual(told(localDays(at("2026-03-29T12:00:00Z"), at("2026-03-29T12:00:00Z"), "Europe/Berlin")), [
      ["2026-03-29", "2026-03-28T23:00:00.000Z", 23],
    ]);
  });

  it("begin at half hours and quarter hours where clocks do", () => {
    assert.equal(startOfDay(at("2026-11-21T20:00:00Z"), "Asia/Kolkata"), at("2026-11-21T18:30:00Z"));
    assert.equal(startOfDay(at("2026-11-21T20:00:00Z"), "Asia/Kathmandu"), at("2026-11-21T18:15:00Z"));
  });

  it("change by half an hour on Lord Howe Island", () => {
    assert.deepEqual(told(localDays(at("2026-04-04T20:00:00Z"), at("2026-04-04T20:00:00Z"), "Australia/Lord_Howe")), [
      ["2026-04-05", "2026-04-04T13:00:00.000Z", 24.5],
    ]);
  });

  it("begin when the clocks are put forward, where that is at midnight", () => {
    assert.deepEqual(told(localDays(at("2026-09-06T12:00:00Z"), at("2026-09-06T12:00:00Z"), "America/Santiago")), [
      ["2026-09-06", "2026-09-06T04:00:00.000Z", 23],
    ]);
  });

  it("can be counted back from", () => {
    assert.equal(startOfDay(at("2026-11-21T20:00:00Z"), "UTC", 29), at("2026-10-23T00:00:00Z"));
  });

  it("are none before the first", () => {
    assert.deepEqual(localDays(at("2026-11-22T00:00:00Z"), at("2026-11-21T00:00:00Z"), "UTC"), []);
  });
});
