import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { pauseBands, pausedMs } from "../../../../src/webview/sections/limits/pause-bands.ts";
import { aPause } from "../../../support/entities.ts";

const span = { from: 1_000, to: 2_000 };

describe("the bands of an account's pauses", () => {
  it("are where it was paused, the earliest first", () => {
    const pauses = [aPause({ since: 1_500, endedAt: 1_600 }), aPause({ since: 1_100, endedAt: 1_200 })];
    assert.deepEqual(pauseBands(pauses, "claude-account1", span), [
      { from: 1_100, to: 1_200 },
      { from: 1_500, to: 1_600 },
    ]);
  });

  it("go to the ends of what is shown, for a pause that is older or goes on", () => {
    const pauses = [aPause({ since: 100, endedAt: 1_200 }), aPause({ since: 1_900 })];
    assert.deepEqual(pauseBands(pauses, "claude-account1", span), [
      { from: 1_000, to: 1_200 },
      { from: 1_900, to: 2_000 },
    ]);
  });

  it("are one where pauses overlap", () => {
    const pauses = [aPause({ since: 1_100, endedAt: 1_500 }), aPause({ model: "opus", since: 1_200, endedAt: 1_700 })];
    assert.deepEqual(pauseBands(pauses, "claude-account1", span), [{ from: 1_100, to: 1_700 }]);
  });

  for (const [what, fields] of [
    ["another account's", { accountId: "codex-account1" }],
    ["what only looked like a limit", { isInForce: false }],
    ["what was over before", { since: 100, endedAt: 900 }],
  ] as const) {
    it(`leave out ${what}`, () => {
      assert.deepEqual(pauseBands([aPause({ since: 1_100, endedAt: 1_200, ...fields })], "claude-account1", span), []);
    });
  }

  it("say how long it was paused in all", () => {
    assert.equal(
      pausedMs([
        { from: 1_000, to: 1_200 },
        { from: 1_500, to: 1_600 },
      ]),
      300,
    );
  });
});
