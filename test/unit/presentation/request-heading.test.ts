import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { requestHeading } from "../../../src/presentation/request-heading.ts";

describe("what a permission is for", () => {
  it("is the tool where the detail says the rest", () => {
    assert.equal(requestHeading({ title: "Bash: touch x", detail: "touch x\nin /tmp" }), "Bash");
  });

  it("is the whole title where the detail says something else, or nothing", () => {
    assert.equal(requestHeading({ title: "Edit: src/a.ts", detail: "- old\n+ new" }), "Edit: src/a.ts");
    assert.equal(requestHeading({ title: "Read: secrets", detail: "" }), "Read: secrets");
  });

  it("has everything that hides or turns text made visible", () => {
    assert.equal(requestHeading({ title: "Read: a\u202e", detail: "" }), "Read: a<U+202E>");
  });
});
