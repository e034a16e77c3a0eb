import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as z from "zod";
import { savedValue } from "../../../src/webview/saved-value.ts";
import { answerDraftSchema } from "../../../src/webview/sections/waiting/answer-draft.ts";

const spans = z.enum(["1h", "6h"]);

describe("what the page saved", () => {
  it("holds", () => assert.equal(savedValue({ span: "6h" }, "span", spans, "1h"), "6h"));

  for (const [what, saved] of [
    ["was never saved", undefined],
    ["has nothing of it", {}],
    ["is none of its choices any more", { span: "12h" }],
    ["is of another kind", { span: { hours: 6 } }],
    ["is no object at all", "6h"],
  ] as const) {
    it(`is as at first where it ${what}`, () => assert.equal(savedValue(saved, "span", spans, "1h"), "1h"));
  }

  it("takes nothing that every object has", () => {
    assert.equal(savedValue({}, "constructor", z.unknown(), "initial"), "initial");
  });

  it("is a draft of an answer only where all of it is there", () => {
    const draft = { isUnfolded: true, denyWords: "no", picks: [{ chosen: [0], isOwn: false, own: "" }] };
    const drafts = z.record(z.string(), answerDraftSchema);
    assert.deepEqual(savedValue({ answers: { a: draft } }, "answers", drafts, {}), { a: draft });
    assert.deepEqual(savedValue({ answers: { a: { ...draft, picks: null } } }, "answers", drafts, {}), {});
  });
});
