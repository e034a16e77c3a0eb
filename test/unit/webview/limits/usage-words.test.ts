import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { UsageLine } from "../../../../src/webview/sections/limits/usage-lines.ts";
import { usageSummary } from "../../../../src/webview/sections/limits/usage-words.ts";

const at = (hours: number, minutes = 0) => new Date(2026, 10, 21, hours, minutes).getTime();
const now = at(15);

function aLine(fields: Partial<UsageLine> = {}): UsageLine {
  return {
    kind: "five-hour",
    model: null,
    strokes: [],
    resets: [],
    lowest: 20,
    highest: 82.7,
    since: at(9),
    ...fields,
  };
}

describe("what a chart of use shows, in words", () => {
  for (const [words, lines, bands] of [
    ["Since 09:00: 5-hour 20% to 82%.", [aLine()], []],
    ["Since 09:00: 5-hour 82%.", [aLine({ lowest: 82.1 })], []],
    ["Since 09:00: 5-hour 20% to 82%, reset twice.", [aLine({ resets: [at(10), at(14)] })], []],
    [
      "Since 09:00: 5-hour 20% to 82%; weekly (opus) 20% to 82%.",
      [aLine(), aLine({ kind: "weekly", model: "opus" })],
      [],
    ],
    [
      "Since 09:00: 5-hour 20% to 82%; weekly 20% to 82% since 12:30.",
      [aLine(), aLine({ kind: "weekly", since: at(12, 30) })],
      [],
    ],
    [
      "Since 09:00: 5-hour 20% to 82%. Paused twice, 3 h 10 min in all.",
      [aLine()],
      [
        { from: at(9), to: at(11) },
        { from: at(12), to: at(13, 10) },
      ],
    ],
    ["Nothing was told in this time. Paused once, 1 h in all.", [], [{ from: at(9), to: at(10) }]],
  ] as const) {
    it(words, () => assert.equal(usageSummary(lines, bands, now), words));
  }
});
