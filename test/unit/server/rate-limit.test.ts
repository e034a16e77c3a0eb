import assert from "node:assert/strict";
import { RateLimit } from "../../../src/server/http/rate-limit.ts";

describe("the rate limit", () => {
  it("lets a burst through, refuses what is over it, and refills with time", () => {
    let now = 0;
    const limit = new RateLimit({ burst: 3, perSecond: 2, now: () => now });
    assert.deepEqual([limit.take(), limit.take(), limit.take(), limit.take()], [true, true, true, false]);
    now = 500;
    assert.deepEqual([limit.take(), limit.take()], [true, false]);
  });

  it("is not refilled by a clock that goes back", () => {
    let now = 1_000;
    const limit = new RateLimit({ burst: 1, perSecond: 1, now: () => now });
    limit.take();
    now = 0;
    assert.equal(limit.take(), false);
  });
});
