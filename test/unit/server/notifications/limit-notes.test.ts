import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  canGoOnNote,
  pauseBegunNote,
  pauseEndedNote,
  pauseProlongedNote,
  usageNote,
} from "../../../../src/server/notifications/limit-notes.ts";
import { anAccount, aPause, aQuota } from "../../../support/entities.ts";

const NOON = new Date(2026, 10, 21, 12, 0).getTime();
const THREE = new Date(2026, 10, 21, 15, 0).getTime();
const TUESDAY = new Date(2026, 10, 24, 7, 56).getTime();

describe("what the desktop says of a pause that begins", () => {
  const table: readonly [
    what: string,
    fields: Parameters<typeof aPause>[0],
    sessions: number,
    title: string,
    body: string,
  ][] = [
    [
      "until when, and what goes on then",
      { until: THREE },
      5,
      "Claude Code: 5-hour limit",
      "Paused until 15:00; 5 sessions go on then.",
    ],
    [
      "on another day, of one session",
      { until: TUESDAY, kind: "weekly" },
      1,
      "Claude Code: weekly limit",
      "Paused until Tue 24 Nov 07:56; 1 session goes on then.",
    ],
    [
      "that nobody knows until when",
      { kind: "model", model: "Opus" },
      0,
      "Claude Code: Opus limit",
      "Paused until it resets, and nobody knows when.",
    ],
    ["when a person paused it", { kind: "manual" }, 0, "Claude Code is paused", "Paused until it is lifted."],
  ];
  for (const [what, fields, sessions, title, body] of table) {
    it(`is ${what}`, () => assert.deepEqual(pauseBegunNote(aPause(fields), sessions, NOON), { title, body }));
  }
});

describe("what the desktop says of a pause that is prolonged", () => {
  it("is that the limit is still there, until when, and what goes on then", () => {
    assert.deepEqual(pauseProlongedNote(aPause({ until: THREE }), 2, NOON), {
      title: "Claude Code: the 5-hour limit is still there",
      body: "Paused until 15:00; 2 sessions go on then.",
    });
  });
});

describe("what the desktop says of a pause that has ended", () => {
  const table: readonly [what: string, outcome: Partial<Parameters<typeof pauseEndedNote>[1]>, body: string][] = [
    ["how many were resumed", { resumed: 5 }, "5 sessions resumed."],
    ["what still is to come", { resumed: 1, open: 2 }, "1 session resumed. 2 still to come."],
    ["that all are to come", { open: 2 }, "2 sessions to come."],
    ["which launches were started", { resumed: 1, started: 2 }, "1 session resumed. 2 sessions started."],
    ["why one was not resumed", { notResumed: ["It waits for you."] }, "1 not resumed: It waits for you."],
    ["each reason once", { notResumed: ["It waits.", "It waits."] }, "2 not resumed: It waits."],
    ["that nothing is held, when nothing was stopped", {}, "The 5-hour limit holds nothing any more."],
  ];
  for (const [what, outcome, body] of table) {
    it(`is ${what}`, () => {
      const note = pauseEndedNote(aPause(), { resumed: 0, started: 0, notResumed: [], open: 0, ...outcome });
      assert.deepEqual(note, { title: "Claude Code goes on", body });
    });
  }

  it("is that a pause made by hand is over", () => {
    const nothing = { resumed: 0, started: 0, notResumed: [], open: 0 };
    assert.equal(pauseEndedNote(aPause({ kind: "manual" }), nothing).body, "The pause is over.");
  });
});

describe("what the desktop says of a quota that is nearly used up", () => {
  it("is how much is used, when all of it will be, and when it resets", () => {
    const quota = aQuota({ usedPercent: 84.7, fullAt: new Date(2026, 10, 21, 14, 20).getTime(), resetsAt: THREE });
    assert.deepEqual(usageNote(anAccount(), [quota], NOON), {
      title: "Claude Code: 84% of the 5-hour limit used",
      body: "At this pace it is used up at 14:20. It resets: 15:00.",
    });
  });

  it("is all that is near", () => {
    const quotas = [aQuota({ usedPercent: 84, resetsAt: THREE }), aQuota({ kind: "weekly", usedPercent: 90 })];
    assert.deepEqual(usageNote(anAccount(), quotas, NOON), {
      title: "Claude Code: 2 limits are near",
      body: "84% of the 5-hour limit used. It resets: 15:00. 90% of the weekly limit used. Nobody knows when it resets.",
    });
  });
});

describe("what the desktop says of limits", () => {
  it("stays short and on one line, and shows what would be hidden, whatever an agent or a folder says", () => {
    const text = `line\nbreak\u202e ${"x".repeat(100_000)}`;
    const pause = aPause({ label: text, model: text });
    const notes = [
      pauseBegunNote(pause, 1, NOON),
      pauseProlongedNote(pause, 1, NOON),
      pauseEndedNote(pause, { resumed: 0, started: 0, notResumed: [text], open: 0 }),
      canGoOnNote([{ cwd: text, label: text }]),
      canGoOnNote(["a", "b"].map(() => ({ cwd: text, label: text }))),
      usageNote(anAccount({ label: text }), [aQuota({ model: text })], NOON),
    ];
    for (const { title, body } of notes) {
      assert.ok(title.length < 110 && body.length < 180, title);
      assert.doesNotMatch(title + body, /[\n\u202e]/);
    }
  });
});
