import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { barsByDay } from "../../../../src/webview/sections/stats/bars.ts";
import { GAP_MS, waitBeforeAsking } from "../../../../src/webview/sections/stats/asking-pace.ts";
import { scaleOf, tickWords } from "../../../../src/webview/sections/stats/chart-scale.ts";
import { projectNames } from "../../../../src/webview/sections/stats/project-names.ts";
import { summary } from "../../../../src/webview/sections/stats/summary.ts";
import { costNotToldWords, exactWords, valueWords } from "../../../../src/webview/sections/stats/value-words.ts";
import { aProject } from "../../../support/entities.ts";
import { aDay } from "./day-stats.ts";

const minute = 60_000;
const hour = 60 * minute;

describe("a value of a chart", () => {
  for (const [measure, value, short, exact] of [
    ["tokens", 1_234_567, "1.2M", "1,234,567"],
    ["cost", 1_234.5, "$1,234.50", "$1,234.50"],
    ["cost", 0.001, "<$0.01", "<$0.01"],
    ["cost", null, "not told", "not told"],
    ["outcomes", 12, "12", "12"],
    ["time", 133 * minute, "2 h 13 min", "2 h 13 min"],
    ["time", 0, "0 s", "0 s"],
  ] as const) {
    it(`in ${measure} of ${value} is "${short}", and "${exact}" in the table`, () => {
      assert.deepEqual([valueWords(measure, value), exactWords(measure, value)], [short, exact]);
    });
  }
});

describe("the lines of a chart", () => {
  for (const [measure, largest, line, words] of [
    ["time", 5 * hour, 4, "4 h"],
    ["time", 90 * minute, 30, "30 min"],
    ["time", 90_000, 60, "60 s"],
    ["tokens", 2_000_000, 1_500_000, "1.5M"],
    ["tokens", 2_000_000, 200_000, "200k"],
    ["cost", 1, 0.5, "$0.50"],
    ["cost", 100, 20, "$20"],
    ["outcomes", 10, 5, "5"],
  ] as const) {
    it(`say "${words}", where the largest bar of ${measure} is ${largest}`, () => {
      assert.equal(tickWords(measure, line, scaleOf(measure, largest)), words);
    });
  }
});

describe("what is said of a cost that was not told", () => {
  for (const [agents, words] of [
    [[], ""],
    [["codex"], "cost not told by codex"],
    [["aider", "codex", "gemini"], "cost not told by aider, codex and gemini"],
  ] as const) {
    it(`by ${agents.length} agents is "${words}"`, () => assert.equal(costNotToldWords(agents), words));
  }
});

describe("what a screen reader says of the chart", () => {
  const days = ["2026-11-20", "2026-11-21"];

  it("is what it shows, how much in all, the largest bar, and the parts", () => {
    const stats = [
      aDay({ day: "2026-11-20", usage: { inputTokens: 1_000 } }),
      aDay({ agent: "codex", usage: { inputTokens: 2_000 } }),
    ];
    assert.equal(
      summary(barsByDay(stats, days, "tokens"), "tokens", "day", "the last 2 days"),
      "Bar chart of tokens by day, the last 2 days. 3.0k in all, most on 2026-11-21 (2.0k). codex: 2.0k, claude: 1.0k.",
    );
  });

  it("says that no cost was told", () => {
    const bars = barsByDay([aDay({ usage: { inputTokens: 1 } })], days, "cost");
    assert.equal(
      summary(bars, "cost", "day", "the last 2 days"),
      "Bar chart of cost by day, the last 2 days. Nothing of it was told.",
    );
  });
});

describe("the name of a project", () => {
  it("is its own", () => assert.deepEqual([...projectNames([aProject()]).values()], ["shop"]));

  it("has the folder that it is in, where another has the same", () => {
    const projects = [aProject({ id: "1", path: "/home/me/shop" }), aProject({ id: "2", path: "/srv/old/shop" })];
    assert.deepEqual([...projectNames(projects).values()], ["shop (me)", "shop (old)"]);
  });
});

describe("the question what was done", () => {
  it("is asked again soon after a change, when it was long ago", () => {
    assert.ok(waitBeforeAsking(100_000, 0) < 1_000);
  });

  it("is not asked again before its time", () => {
    const lastAskedAt = 100_000;
    for (const now of [lastAskedAt, lastAskedAt + 3_000, lastAskedAt + GAP_MS]) {
      assert.ok(now + waitBeforeAsking(now, lastAskedAt) >= lastAskedAt + GAP_MS);
    }
  });
});
