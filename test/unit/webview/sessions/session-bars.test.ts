import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { barPaths } from "../../../../src/webview/sections/sessions/bar-paths.ts";
import { spanSince, ticksOf } from "../../../../src/webview/sections/sessions/time-axis.ts";
import { timelineWords } from "../../../../src/webview/sections/sessions/timeline-words.ts";

const minute = 60_000;
const hour = 60 * minute;
const at = (day: number, hours: number, minutes = 0) => new Date(2026, 10, day, hours, minutes).getTime();

describe("a session's bar", () => {
  const window = { from: 0, until: 100 };

  it("has one path for each state, however often it comes", () => {
    const paths = barPaths(
      [
        { state: "RUNNING", from: 0, until: 50 },
        { state: "WAITING_USER", from: 50, until: 60 },
        { state: "RUNNING", from: 60, until: 100 },
      ],
      window,
    );
    assert.deepEqual(
      [...paths],
      [
        ["RUNNING", "M0 2H500V10H0ZM600 2H1000V10H600Z"],
        ["WAITING_USER", "M500 0H600V12H500Z"],
      ],
    );
  });

  it("never goes over its end", () => {
    const paths = barPaths([{ state: "WAITING_USER", from: 99, until: 120 }], window);
    assert.equal(paths.get("WAITING_USER"), "M790 0H1000V12H790Z");
  });

  it("draws what a person is to tell apart in places of its own", () => {
    const states = ["RUNNING", "WAITING_USER", "IDLE", "PAUSED", "ERROR", "UNKNOWN"] as const;
    const drawn = states.map((state) => barPaths([{ state, from: 0, until: 100 }], window).get(state));
    assert.equal(new Set(drawn).size, states.length);
  });
});

describe("a session's bar in words", () => {
  it("says how long each state lasted, in an order that is always the same", () => {
    const words = timelineWords([
      { state: "IDLE", from: 0, until: 10 * minute },
      { state: "STARTING", from: 10 * minute, until: 12 * minute },
      { state: "RUNNING", from: 12 * minute, until: 52 * minute },
      { state: "WAITING_USER", from: 52 * minute, until: 52 * minute + 30_000 },
    ]);
    assert.equal(words, "running 42 min, waiting for you 30 s, idle 10 min");
  });

  it("says that there was nothing", () => assert.equal(timelineWords([]), "did not run"));
});

describe("the marks of the time axis", () => {
  const labels = (from: number, until: number, tickMs: number) =>
    ticksOf({ from, until }, tickMs).map(({ label }) => label);

  it("stand at round times of the clock on the wall", () => {
    assert.deepEqual(labels(at(20, 13, 47), at(20, 14, 47), 20 * minute), ["14:00", "14:20", "14:40"]);
    assert.deepEqual(labels(at(20, 21, 30), at(21, 9, 30), 4 * hour), ["00:00", "04:00", "08:00"]);
  });

  it("are the days of a week", () => {
    assert.deepEqual(labels(at(18, 12), at(21, 12), 24 * hour), ["Thu 19", "Fri 20", "Sat 21"]);
  });

  it("are every other day where there is no room for all", () => {
    assert.deepEqual(labels(at(16, 12), at(22, 23), 48 * hour), ["Tue 17", "Thu 19", "Sat 21"]);
    assert.deepEqual(labels(at(17, 1), at(23, 23), 48 * hour).slice(0, 2), ["Thu 19", "Sat 21"]);
  });

  it("stand within the window, not at its ends", () => {
    assert.deepEqual(labels(at(20, 14), at(20, 15), 30 * minute), ["14:30"]);
  });
});

describe("the marks of the time axis, where the clock on the wall is changed", () => {
  const zone = process.env["TZ"];
  afterEach(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });

  const quarter = 15 * minute;
  for (const [what, timeZone, from, spanMs, tickMs, labels] of [
    [
      "at the end of a day of 25 hours",
      "Europe/Berlin",
      "2026-10-25T22:40+01:00",
      hour,
      quarter,
      "22:45 23:00 23:15 23:30",
    ],
    ["over a day of 25 hours", "Europe/Berlin", "2026-10-25T00:10+02:00", 24 * hour, 6 * hour, "06:00 12:00 18:00"],
    [
      "in the hour that comes twice",
      "Europe/Berlin",
      "2026-10-25T02:25+02:00",
      hour,
      quarter,
      "02:30 02:45 02:00 02:15",
    ],
    [
      "over the hour that is left out",
      "Europe/Berlin",
      "2026-03-29T01:40+01:00",
      hour,
      quarter,
      "01:45 03:00 03:15 03:30",
    ],
    ["after a day of 23 hours", "Europe/Berlin", "2026-03-29T23:40+02:00", hour, quarter, "23:45 00:00 00:15 00:30"],
    [
      "over a day of 23 hours",
      "Europe/Berlin",
      "2026-03-28T23:30+01:00",
      24 * hour,
      6 * hour,
      "00:00 06:00 12:00 18:00 00:00",
    ],
    [
      "in the hour that comes twice",
      "America/New_York",
      "2026-11-01T01:25-04:00",
      hour,
      quarter,
      "01:30 01:45 01:00 01:15",
    ],
    [
      "over the hour that is left out",
      "America/New_York",
      "2026-03-08T01:40-05:00",
      hour,
      quarter,
      "01:45 03:00 03:15 03:30",
    ],
    [
      "in the half hour that comes twice",
      "Australia/Lord_Howe",
      "2026-04-05T01:25+11:00",
      hour,
      quarter,
      "01:30 01:45 01:30 01:45",
    ],
    [
      "over the half hour that is left out",
      "Australia/Lord_Howe",
      "2026-10-04T01:40+10:30",
      hour,
      quarter,
      "01:45 02:30 02:45 03:00",
    ],
  ] as const) {
    it(`are right ${what}: ${timeZone}, ${from}`, () => {
      process.env["TZ"] = timeZone;
      const since = Date.parse(from);
      const ticks = ticksOf({ from: since, until: since + spanMs }, tickMs);
      assert.equal(ticks.map(({ label }) => label).join(" "), labels);
      assert.equal(new Set(ticks.map(({ at }) => at)).size, ticks.length);
    });
  }
});

describe("how far back the timeline goes by itself", () => {
  for (const [begun, ago, span] of [
    ["just now", 0, "1h"],
    ["an hour ago", hour, "1h"],
    ["a little longer ago", hour + 1, "6h"],
    ["yesterday", 20 * hour, "24h"],
    ["last month", 30 * 24 * hour, "7d"],
  ] as const) {
    it(`is ${span} where the oldest session was begun ${begun}`, () =>
      assert.equal(spanSince(at(20, 14) - ago, at(20, 14)), span));
  }
});
