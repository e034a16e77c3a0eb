import assert from "node:assert/strict";
import { errorCodes, errors, isErrorCode, problemSchema, TallyError } from "../../../src/protocol/errors.ts";

describe("a failure", () => {
  it("is a problem document that says where its code is explained", () => {
    assert.deepEqual(new TallyError("session-ended", "Session abc has ended.").toProblem(), {
      type: "/docs#session-ended",
      title: "The session has ended",
      status: 409,
      detail: "Session abc has ended.",
      code: "session-ended",
    });
  });

  it("is the same on the other side of the wire", () => {
    const failure = new TallyError("invalid-request", "The body is wrong.", { fields: ["cwd"] });
    const told = TallyError.of(problemSchema.parse(JSON.parse(JSON.stringify(failure.toProblem()))));
    assert.deepEqual([told.code, told.message, told.details], [failure.code, failure.message, failure.details]);
  });

  for (const code of errorCodes) {
    it(`${code} has a status of a failure, and a title that is no sentence`, () => {
      const { status, title } = errors[code];
      assert.ok(status >= 400 && status < 600);
      assert.match(title, /^[A-Z]|^tally\.json/);
      assert.doesNotMatch(title, /\.$/);
    });
  }

  it("has a code of the list, and no other", () => {
    assert.equal(isErrorCode("paused"), true);
    assert.equal(isErrorCode("toString"), false);
  });
});
