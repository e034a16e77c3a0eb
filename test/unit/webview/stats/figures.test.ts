import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { DayStats } from "../../../../src/protocol/stats.ts";
import { comparedShare, comparison } from "../../../../src/webview/sections/stats/comparison.ts";
import { figuresOf } from "../../../../src/webview/sections/stats/figures.ts";
import { agentsWithoutCost, totalsOf, totalUsage } from "../../../../src/webview/sections/stats/totals.ts";
import { aDay } from "./day-stats.ts";

describe("the comparison with the days before", () => {
  for (const [current, before, short] of [
    [112, 100, "12% more"],
    [88, 100, "12% less"],
    [100, 100, "as before"],
    [1_001, 1_000, "as before"],
    [0, 4, "100% less"],
    [29, 10, "190% more"],
    [34, 10, "3 times as much"],
    [3, 0, "none before"],
  ] as const) {
    it(`of ${current} with ${before} is "${short}"`, () => assert.equal(comparison(current, before, 7)?.short, short));
  }

  it("says which days", () => assert.equal(comparison(112, 100, 7)?.whole, "12% more than in the 7 days before"));
  it("says nothing of nothing", () => assert.equal(comparison(0, 0, 7), null));

  for (const [current, before, short] of [
    [0.9, 0.8, "10 points more"],
    [0.79, 0.8, "1 point less"],
    [0.8, 0.8, "as before"],
  ] as const) {
    it(`of a share of ${current} with ${before} is "${short}"`, () =>
      assert.equal(comparedShare(current, before, 7).short, short));
  }
});

describe("what sessions have used", () => {
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4, costUsd: null };

  it("is another number once one of them tells of more, if only of its cost", () => {
    assert.notEqual(totalUsage([{ usage }]), totalUsage([{ usage: { ...usage, costUsd: 0.25 } }]));
    assert.notEqual(totalUsage([{ usage }]), totalUsage([{ usage }, { usage }]));
  });

  it("is nothing where none tells", () => assert.equal(totalUsage([{ usage: null }]), 0));
});

describe("the figures of the work done", () => {
  const stats = [
    aDay({ done: 8, failed: 2, cancelled: 1, executionMs: 7_980_000, usage: { inputTokens: 1_200, costUsd: 1.5 } }),
    aDay({ agent: "codex", done: 1, usage: { outputTokens: 800 } }),
  ];

  it("are those of all agents together", () => {
    assert.deepEqual(
      figures(stats).map(({ label, value }) => `${label}: ${value}`),
      [
        "Tasks done: 9",
        "Failed: 2",
        "Cancelled: 1",
        "Success rate: 82%",
        "Tokens: 2.0k",
        "Cost: $1.50",
        "Time: 2 h 13 min",
      ],
    );
  });

  it("say whose cost is not in them", () => assert.equal(figure("Cost", stats).note, "cost not told by codex"));

  it("say nothing of a cost where nothing was used", () => assert.equal(figure("Cost", [aDay({ done: 1 })]).note, ""));

  it("have no cost where nobody told", () => {
    assert.equal(figure("Cost", [aDay({ usage: { inputTokens: 1 } })]).value, null);
    assert.equal(figure("Cost", [aDay({ done: 1 })]).value, null);
  });

  it("have a cost of nothing where that was told", () => {
    assert.equal(figure("Cost", [aDay({ usage: { inputTokens: 1, costUsd: 0 } })]).value, "$0.00");
  });

  it("have no tokens where nobody told", () => {
    assert.equal(figure("Tokens", [aDay({ done: 1 })]).value, null);
  });

  it("have no success rate where no task came to its end", () => {
    assert.equal(figure("Success rate", [aDay({ cancelled: 3 })]).value, null);
  });

  it("do not say that all went well when one did not", () => {
    assert.equal(figure("Success rate", [aDay({ done: 999, failed: 1 })]).value, "99%");
  });

  it("are compared with the days before", () => {
    assert.equal(figure("Tasks done", stats, [aDay({ done: 6 })]).comparison?.short, "50% more");
  });

  it("are compared with nothing where nothing is known of the days before", () => {
    assert.deepEqual(
      figures(stats).map(({ comparison }) => comparison),
      Array(7).fill(null),
    );
  });

  it("compare no cost with one that nobody told", () => {
    const before = [aDay({ agent: "codex", done: 1, usage: { inputTokens: 9 } })];
    assert.equal(figure("Cost", stats, before).comparison, null);
  });
});

function figures(stats: readonly DayStats[], before: readonly DayStats[] = []) {
  return figuresOf(totalsOf(stats), totalsOf(before), 7, agentsWithoutCost(stats));
}

function figure(label: string, stats: readonly DayStats[], before: readonly DayStats[] = []) {
  return figures(stats, before).find((each) => each.label === label)!;
}
