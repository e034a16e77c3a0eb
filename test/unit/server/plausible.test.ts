import assert from "node:assert/strict";
import type { Signal } from "../../../src/server/agents/reading.ts";
import { plausible } from "../../../src/server/sessions/state/plausible.ts";

const NOW = 1_000_000;

describe("a signal's time, which an agent may give as it likes", () => {
  const table: [given: number, taken: number][] = [
    [999_000, 999_000],
    [999_000.7, 999_000],
    [NOW + 1, NOW],
    [-1, NOW],
    [NaN, NOW],
    [Infinity, NOW],
  ];
  for (const [given, taken] of table) {
    it(`is ${taken === NOW ? "now" : String(taken)} for ${given}`, () => {
      const signal: Signal = { source: "hook", at: given, reading: { type: "model", model: "m" } };
      assert.equal(plausible(signal, NOW).at, taken);
    });
  }
});

describe("a signal's counts", () => {
  it("are left out where they cannot be", () => {
    const usage = { inputTokens: -1, outputTokens: NaN, cacheReadTokens: 7, cacheWriteTokens: 1e17, costUsd: null };
    const { reading } = plausible({ source: "transcript", at: 1, reading: { type: "usage", usage } }, NOW);
    assert.deepEqual(reading, { type: "usage", usage: { cacheReadTokens: 7, costUsd: null } });
  });
});

describe("a limit's reset", () => {
  for (const [resetsAt, taken] of [
    [NOW + 3_600_000, NOW + 3_600_000],
    [9e15, null],
    [NaN, null],
    [-1, null],
  ] as const) {
    it(`is ${taken === null ? "not known" : "as told"} for ${resetsAt}`, () => {
      const limit = { kind: "five-hour", model: null, resetsAt, isExact: true, text: "Enough." } as const;
      const { reading } = plausible(
        { source: "hook", at: NOW, reading: { type: "limit", limit, signal: "hook" } },
        NOW,
      );
      assert.equal(reading.type === "limit" && reading.limit.resetsAt, taken);
    });
  }
});
