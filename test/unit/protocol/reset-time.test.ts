import assert from "node:assert/strict";
import { readResetTime } from "../../../src/protocol/reset-time.ts";

/** A Saturday, 4:30 in New York. */
const now = Date.parse("2026-11-21T09:30:00Z");

function read(text: string, when: { now?: string; timeZone?: string } = {}): string | null {
  const { now: from, timeZone = "America/New_York" } = when;
  const moment = readResetTime(text, { now: from === undefined ? now : Date.parse(from), timeZone });
  return moment === null ? null : new Date(moment).toISOString().replace(/(?::00)?\.000Z$/, "Z");
}

describe("a reset time", () => {
  const times: readonly [text: string, moment: string][] = [
    ["5am", "2026-11-21T10:00Z"],
    ["3am", "2026-11-22T08:00Z"],
    ["3 a.m.", "2026-11-22T08:00Z"],
    ["12am", "2026-11-22T05:00Z"],
    ["12pm", "2026-11-21T17:00Z"],
    ["15:00", "2026-11-21T20:00Z"],
    ["at 15:00:30", "2026-11-21T20:00:30Z"],
    ["3:01am (UTC)", "2026-11-22T03:01Z"],
    ["7:56am (America/New_York)", "2026-11-21T12:56Z"],
    ["1pm (Etc/GMT+5)", "2026-11-21T18:00Z"],
    ["15:00 Europe/Berlin", "2026-11-21T14:00Z"],
    ["3:04 PM PDT", "2026-11-21T22:04Z"],
    ["1:30 PM GMT+5:30", "2026-11-22T08:00Z"],
    ["3:14\u202fAM.", "2026-11-22T08:14Z"],
    ["today at 3pm", "2026-11-21T20:00Z"],
    ["tomorrow at 3am", "2026-11-22T08:00Z"],
    ["6am tomorrow", "2026-11-22T11:00Z"],
    ["tomorrow", "2026-11-22T05:00Z"],
    ["Monday 9am", "2026-11-23T14:00Z"],
    ["Sat, 5am", "2026-11-21T10:00Z"],
    ["Saturday at 4am", "2026-11-28T09:00Z"],
    ["Nov 24, 7:56am", "2026-11-24T12:56Z"],
    ["Nov 24 at 7pm", "2026-11-25T00:00Z"],
    ["Nov 24", "2026-11-24T05:00Z"],
    ["November 24th, 2026 1:04 PM", "2026-11-24T18:04Z"],
    ["Nov 24, 2027, 8am", "2027-11-24T13:00Z"],
    ["24 November 15:00", "2026-11-24T20:00Z"],
    ["17:33 on 5 Dec", "2026-12-05T22:33Z"],
    ["2026-11-24", "2026-11-24T05:00Z"],
    ["2026-11-24 07:56", "2026-11-24T12:56Z"],
    ["2026-11-24T07:56:09Z", "2026-11-24T07:56:09Z"],
    ["2026-11-24T07:56:00.250+02:00", "2026-11-24T05:56Z"],
    ["1795517760", "2026-11-24T10:56Z"],
    ["1795517760000", "2026-11-24T10:56Z"],
    ["in 3 hours", "2026-11-21T12:30Z"],
    ["in 2h 13m", "2026-11-21T11:43Z"],
    ["in 45 minutes", "2026-11-21T10:15Z"],
    ["2 days", "2026-11-23T09:30Z"],
    ["in ~6 days", "2026-11-27T09:30Z"],
  ];
  for (const [text, moment] of times) {
    it(`is read: ${text}`, () => {
      assert.equal(read(text), moment);
    });
  }

  it("is nothing else", () => {
    const others = [
      "",
      "3",
      "13pm",
      "0am",
      "24:00",
      "3:60",
      "Feb 30",
      "2026-02-30",
      "soon",
      "later",
      "3am (Mars/Olympus)",
    ];
    for (const text of others) assert.equal(read(text), null, text);
  });

  it("of the present minute is now, and a minute later is tomorrow's", () => {
    assert.equal(read("4:30am", { now: "2026-11-21T09:30:59Z" }), "2026-11-21T09:30Z");
    assert.equal(read("4:30am", { now: "2026-11-21T09:31:00Z" }), "2026-11-22T09:30Z");
  });

  it("in December may be in January", () => {
    assert.equal(read("Jan 2, 8am", { now: "2026-12-29T20:00:00Z" }), "2027-01-02T13:00Z");
  });

  it("in January may be past, in December", () => {
    assert.equal(read("Dec 31, 8am", { now: "2027-01-01T20:00:00Z" }), "2026-12-31T13:00Z");
  });

  it("on the 29th of February is in a year that has one", () => {
    assert.equal(read("Feb 29, 8am", { now: "2027-12-01T00:00:00Z" }), "2028-02-29T13:00Z");
  });

  it("that is past today is not moved to another day where the text names the day", () => {
    assert.equal(read("today at 3am"), "2026-11-21T08:00Z");
  });

  it("that the clocks show twice is the first one, and the second once that is past", () => {
    assert.equal(read("1:30am", { now: "2026-11-01T04:00:00Z" }), "2026-11-01T05:30Z");
    assert.equal(read("1:30am", { now: "2026-11-01T05:45:00Z" }), "2026-11-01T06:30Z");
    assert.equal(read("Nov 1, 1:30am", { now: "2026-11-01T05:45:00Z" }), "2026-11-01T06:30Z");
  });

  it("that the clocks leave out tonight is tomorrow's", () => {
    assert.equal(read("2:30am", { now: "2027-03-14T05:00:00Z" }), "2027-03-15T06:30Z");
  });

  it("of a day on which the clocks leave it out is later by what they leave out", () => {
    assert.equal(read("Mar 14, 2:30am", { now: "2027-03-10T05:00:00Z" }), "2027-03-14T07:30Z");
    assert.equal(read("tomorrow at 2:30am", { now: "2027-03-13T12:00:00Z" }), "2027-03-14T07:30Z");
  });
});
