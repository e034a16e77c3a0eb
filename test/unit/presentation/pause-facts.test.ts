import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { pauseFacts } from "../../../src/presentation/pause-facts.ts";
import type { Pause } from "../../../src/protocol/limits.ts";
import { aPause } from "../../support/entities.ts";

const at = (hours: number) => new Date(2026, 10, 21, hours).getTime();
const now = at(13);
const factsOf = (fields: Partial<Pause>, goesOn?: string) =>
  Object.fromEntries(pauseFacts(aPause({ since: at(12), until: at(15), ...fields }), now, goesOn));

describe("what is known of a pause", () => {
  it("is since when, until when, who says so, and in which words", () => {
    assert.deepEqual(factsOf({ evidence: "Limit reached" }), {
      Since: "12:00",
      Until: "15:00, in 2 h",
      "Known from": "the agent's hooks (StopFailure hook)",
      "In its words": "Limit reached",
    });
  });

  it("names no source of one that was made by hand", () => {
    assert.equal("Known from" in factsOf({ kind: "manual" }), false);
  });

  it("has no end where nothing is held", () => assert.equal("Until" in factsOf({ isInForce: false }), false));

  it("has no words where the agent said none", () => assert.equal("In its words" in factsOf({ evidence: "" }), false));

  it("says what goes on then, where that is asked for", () => {
    assert.equal(factsOf({}, "shop")["Goes on then"], "shop");
  });

  for (const [what, fields, words] of [
    ["was tried out", { tries: 1, nextTryAt: null }, "once, and still limited"],
    ["is going to be once more", { tries: 2, nextTryAt: at(14) }, "2 times, and still limited; next 14:00"],
    ["is going to be for the first time", { tries: 0, until: null, nextTryAt: at(14) }, "first 14:00"],
    ["resets at a time that is known", { tries: 0, nextTryAt: at(15) }, undefined],
  ] as const) {
    it(`says of one that ${what}: ${words ?? "nothing"}`, () => assert.equal(factsOf(fields)["Tried out"], words));
  }
});
