import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Refused } from "../../../../src/webview/refused.ts";
import { afterRefusal } from "../../../../src/webview/sections/waiting/answering.ts";

describe("an answer that nobody says was taken", () => {
  for (const [what, error, words] of [
    [
      "that cannot have arrived",
      new Refused("gateway-unreachable", "It does not run.", false),
      "Not sent: It does not run.",
    ],
    [
      "whose connection broke",
      new Refused("gateway-unreachable", "It does not answer.", true),
      "Nobody knows whether it arrived: It does not answer.",
    ],
    [
      "after which something else broke",
      new Error("No such field."),
      "Nobody knows whether it arrived: No such field.",
    ],
  ] as const) {
    it(`${what} says so`, () => assert.deepEqual(afterRefusal(error), { step: "failed", words }));
  }

  it("to what was answered elsewhere has nothing left to do", () => {
    assert.deepEqual(afterRefusal(new Refused("request-gone", "It is gone.", false)), { step: "gone" });
  });
});
