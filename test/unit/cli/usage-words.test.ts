import assert from "node:assert/strict";
import { formatTokens, usageWords } from "../../../src/cli/screen/usage-words.ts";

describe("tokens and cost in words", () => {
  const usage = { inputTokens: 3, outputTokens: 4, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null };

  it("round tokens to two or three figures", () => {
    assert.deepEqual([0, 999, 1_000, 9_949, 9_951, 45_400, 999_499, 999_500, 12_000_000].map(formatTokens), [
      "0",
      "999",
      "1.0k",
      "9.9k",
      "10k",
      "45k",
      "999k",
      "1.0M",
      "12M",
    ]);
  });

  it("leave out a cost that is not known and a cache that was not used", () => {
    assert.equal(usageWords(usage), "3 in, 4 out");
  });

  it("add up what was read from the cache and written to it", () => {
    assert.equal(usageWords({ ...usage, cacheReadTokens: 1_000, cacheWriteTokens: 500 }), "3 in, 4 out, 1.5k cached");
  });

  it("do not round a cost down to nothing", () => {
    assert.deepEqual(
      [0, 0.004, 0.126, 12].map((costUsd) =>
        usageWords({ ...usage, costUsd })
          .split(", ")
          .at(-1),
      ),
      ["$0.00", "<$0.01", "$0.13", "$12.00"],
    );
  });
});
