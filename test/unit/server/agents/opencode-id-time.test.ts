import assert from "node:assert/strict";
import { timeOfId } from "../../../../src/server/agents/opencode/id-time.ts";

/** A message that opencode says was made at this time. */
const id = "msg_1fcbd0f0c001eixvOlojuHTjSF";
const madeAt = 1_795_241_611_020;
const DAY_MS = 24 * 60 * 60 * 1000;

describe("the time in an id of opencode's", () => {
  it("is when it was made", () => {
    assert.equal(timeOfId(id, madeAt + 5), madeAt);
    assert.equal(timeOfId(id, madeAt - 5), madeAt);
    assert.equal(timeOfId(id, madeAt + 7 * DAY_MS), madeAt);
  });

  it("is right on either side of the day that its bits begin anew", () => {
    const roundStart = 27 * 2 ** 36;
    assert.equal(timeOfId("evt_ffffffffe001x", roundStart + 3), roundStart - 2);
    assert.equal(timeOfId("evt_000000001001x", roundStart - 3), roundStart + 1);
  });

  for (const other of ["", "evt_", "ses_e0342f10fffeYf6UMR6tboo79T", "per_nope", "evt_0123", "msg_1fcbd0f0g001"]) {
    it(`is not in ${JSON.stringify(other)}`, () => {
      assert.equal(timeOfId(other, madeAt), undefined);
    });
  }

  it("is not in an id that is made in another way", () => {
    assert.equal(timeOfId("evt_a1b2c3d4e5f6", madeAt), undefined);
  });
});
