import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Session } from "../../../../src/protocol/entities.ts";
import { shownDetail, whyNotAnswerable } from "../../../../src/webview/sections/waiting/request-shown.ts";
import { aRequest, aSession } from "../../../support/entities.ts";

describe("the detail of a permission", () => {
  it("is shown whole where it is short, with its line breaks", () => {
    const { whole, beginning } = shownDetail(aRequest({ detail: "one\ntwo" }));
    assert.equal(whole, "one\ntwo");
    assert.equal(beginning, whole);
  });

  it("has everything that hides or turns text made visible", () => {
    assert.equal(shownDetail(aRequest({ detail: "rm \u202etxt\u200b" })).whole, "rm <U+202E>txt<U+200B>");
  });

  it("is folded where it has many lines", () => {
    const detail = Array.from({ length: 40 }, (_, line) => `line ${line}`).join("\n");
    const { whole, beginning, lines } = shownDetail(aRequest({ detail }));
    assert.equal(whole, detail);
    assert.equal(lines, 40);
    assert.ok(whole.startsWith(beginning) && beginning.length < whole.length);
  });

  it("is folded where one line is long", () => {
    const { whole, beginning } = shownDetail(aRequest({ detail: "x".repeat(5_000) }));
    assert.ok(beginning.length < whole.length);
  });
});

describe("why an answer cannot be given on the dashboard", () => {
  const why = (fields: Partial<Session>) => whyNotAnswerable(aSession({ state: "WAITING_USER", ...fields }));

  it("is nothing where it can", () => assert.equal(why({ request: aRequest() }), null));

  for (const [what, fields, expected] of [
    [
      "an agent that only its terminal answers",
      { request: aRequest({ isAnswerable: false }) },
      /terminal: answer there/,
    ],
    ["one that does not say what it asks", { request: null }, /look there/],
    ["a question without questions", { request: aRequest({ kind: "question" }) }, /terminal: answer there/],
    ["one in its caller's pipes", { mode: "pipes", request: null }, /command that started it/],
    ["one that another tool started", { mode: "external", request: null }, /Another tool/],
  ] as const) {
    it(`says where to go for ${what}`, () => assert.match(why(fields) ?? "", expected));
  }
});
