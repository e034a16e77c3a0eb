import assert from "node:assert/strict";
import { parseDuration } from "../../../src/cli/duration.ts";

describe("a duration on the command line", () => {
  it("has a unit", () => {
    assert.deepEqual(
      ["500ms", "90s", "5m", "2h", "1d"].map(parseDuration),
      [500, 90_000, 300_000, 7_200_000, 86_400_000],
    );
  });

  it("is in seconds when it has none", () => {
    assert.equal(parseDuration("30"), 30_000);
  });

  it("may have a fraction, spaces around it and capitals", () => {
    assert.equal(parseDuration(" 1.5M "), 90_000);
  });

  it("is nothing else", () => {
    for (const text of ["", "m", "-5s", "5 minutes", "1h30m", "Infinity", "0x10"])
      assert.equal(parseDuration(text), null);
  });

  it("is at most what a timer can wait for", () => {
    assert.equal(parseDuration("25d"), null);
  });
});
