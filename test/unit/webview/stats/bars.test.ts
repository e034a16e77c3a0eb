import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  type Bars,
  barsByDay,
  barsByName,
  barTotal,
  MAX_ROWS,
  seriesTotal,
} from "../../../../src/webview/sections/stats/bars.ts";
import { MAX_AGENTS } from "../../../../src/webview/sections/stats/series-colours.ts";
import { aDay } from "./day-stats.ts";

const days = ["2026-11-19", "2026-11-20", "2026-11-21"];

describe("the bars of days", () => {
  it("are empty on days on which nothing was done", () => {
    const bars = barsByDay([aDay({ day: "2026-11-20", usage: { inputTokens: 7 } })], days, "tokens");
    assert.deepEqual(bars.labels, days);
    assert.deepEqual(values(bars), { claude: [0, 7, 0] });
  });

  it("are stacked by agent, the one that did most first", () => {
    const stats = [aDay({ agent: "claude", executionMs: 10 }), aDay({ agent: "codex", executionMs: 20 })];
    assert.deepEqual(values(barsByDay(stats, days, "time")), { codex: [0, 0, 20], claude: [0, 0, 10] });
  });

  it("add up what one agent did in several projects", () => {
    const stats = [aDay({ executionMs: 10 }), aDay({ projectId: "project2", executionMs: 20 })];
    assert.deepEqual(values(barsByDay(stats, days, "time")), { claude: [0, 0, 30] });
  });

  it("are stacked by outcome, where outcomes are shown", () => {
    const stats = [aDay({ done: 3, failed: 1 }), aDay({ agent: "codex", done: 2, cancelled: 1 })];
    assert.deepEqual(values(barsByDay(stats, days, "outcomes")), {
      Done: [0, 0, 5],
      Failed: [0, 0, 1],
      Cancelled: [0, 0, 1],
    });
  });

  it("count tokens that were read from the cache, as the tree does", () => {
    const usage = { inputTokens: 1, outputTokens: 20, cacheReadTokens: 300, cacheWriteTokens: 4_000 };
    assert.deepEqual(values(barsByDay([aDay({ usage })], days, "tokens")), { claude: [0, 0, 4_321] });
  });

  it("leave out agents of whom there is nothing to show", () => {
    const stats = [aDay({ done: 1 }), aDay({ agent: "codex", usage: { outputTokens: 5 } })];
    assert.deepEqual(Object.keys(values(barsByDay(stats, days, "tokens"))), ["codex"]);
  });

  it("have no cost where the agent did not tell it, and no cost of nothing", () => {
    const stats = [
      aDay({ agent: "claude", usage: { inputTokens: 1, costUsd: 0.5 } }),
      aDay({ agent: "codex", usage: { inputTokens: 1 } }),
    ];
    assert.deepEqual(values(barsByDay(stats, days, "cost")), { claude: [0, 0, 0.5], codex: [0, 0, null] });
  });

  it("draw the agents beyond those that have a colour as one", () => {
    const agents = Array.from({ length: MAX_AGENTS + 2 }, (_, n) => `agent${n}`);
    const { series } = barsByDay(
      agents.map((agent) => aDay({ agent, executionMs: 1 })),
      days,
      "time",
    );
    assert.equal(series.length, MAX_AGENTS);
    assert.equal(series.at(-1)?.label, "3 others");
    assert.equal(seriesTotal(series.at(-1)!), 3);
  });

  it("tell all agents apart by colour", () => {
    const agents = ["claude", "codex", "gemini", "opencode", "aider", "command", "demo"];
    const { series } = barsByDay(
      agents.map((agent) => aDay({ agent, executionMs: 1 })),
      days,
      "time",
    );
    assert.equal(new Set(series.map(({ colour }) => colour)).size, agents.length);
  });

  it("keep an agent's colour when others join it", () => {
    const colourOf = (...agents: string[]) =>
      barsByDay(
        agents.map((agent) => aDay({ agent, executionMs: 1 })),
        days,
        "time",
      ).series.find(({ label }) => label === "claude")?.colour;
    assert.equal(colourOf("claude"), colourOf("aider", "claude", "codex", "gemini"));
  });
});

describe("the bars of agents and projects", () => {
  const names = new Map([
    ["project1", "shop"],
    ["project2", "docs"],
  ]);

  it("begin with the largest", () => {
    const stats = [aDay({ executionMs: 1 }), aDay({ agent: "codex", executionMs: 2 })];
    assert.deepEqual(barsByName(stats, "agent", "time", names).labels, ["codex", "claude"]);
  });

  it("have the project's name", () => {
    const stats = [aDay({ executionMs: 1 }), aDay({ projectId: "project2", executionMs: 2 })];
    assert.deepEqual(barsByName(stats, "project", "time", names).labels, ["docs", "shop"]);
  });

  it("say of a project that is gone that it was removed", () => {
    const stats = [aDay({ projectId: "gone", executionMs: 1 })];
    assert.deepEqual(barsByName(stats, "project", "time", names).labels, ["removed project"]);
  });

  it("have parts for each kind of token", () => {
    const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
    const bars = barsByName([aDay({ usage })], "agent", "tokens", names);
    assert.deepEqual(values(bars), { In: [1], Out: [2], Cached: [7] });
  });

  it("put the smallest together where there are too many", () => {
    const stats = Array.from({ length: MAX_ROWS + 5 }, (_, n) => aDay({ agent: `agent${n}`, executionMs: 100 - n }));
    const bars = barsByName(stats, "agent", "time", names);
    assert.equal(bars.labels.length, MAX_ROWS);
    assert.equal(bars.labels.at(-1), "6 others");
    assert.equal(
      seriesTotal(bars.series[0]!),
      stats.reduce((total, { executionMs }) => total + executionMs, 0),
    );
  });
});

describe("the total of a bar", () => {
  const bars = (...parts: (number | null)[]): Bars => ({
    labels: ["a bar"],
    series: parts.map((part, n) => ({ label: `part${n}`, colour: "blue", values: [part] })),
  });

  it("is what its parts come to", () => assert.equal(barTotal(bars(1, 2), 0), 3));
  it("leaves out what was not told", () => assert.equal(barTotal(bars(1, null), 0), 1));
  it("is not known where nothing was told", () => assert.equal(barTotal(bars(null, 0), 0), null));
  it("is nothing where there is nothing", () => assert.equal(barTotal(bars(0, 0), 0), 0));
});

function values({ series }: Bars): Record<string, readonly (number | null)[]> {
  return Object.fromEntries(series.map(({ label, values }) => [label, values]));
}
