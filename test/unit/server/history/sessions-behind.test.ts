import assert from "node:assert/strict";
import { SessionsBehind } from "../../../../src/server/history/sessions-behind.ts";

describe("sessions whose files are behind", () => {
  it("are none at first, and all that happened is written", () => {
    const behind = new SessionsBehind(7);
    assert.deepEqual([behind.isEmpty, behind.written], [true, 7]);
  });

  it("hold back what counts as written until they are taken", () => {
    const behind = new SessionsBehind(7);
    behind.heard(9);
    behind.add("a", 8);
    behind.add("b", 9);
    behind.add("a", 9);
    assert.equal(behind.written, 7);
    assert.deepEqual(behind.take(1), ["a"]);
    assert.equal(behind.written, 8);
    assert.deepEqual(behind.take(5), ["b"]);
    assert.equal(behind.written, 9);
  });

  it("hold back everything when they were never written", () => {
    const behind = new SessionsBehind(7);
    behind.add("a", 0);
    assert.equal(behind.written, 0);
  });

  it("are behind again when something happens while they are written", () => {
    const behind = new SessionsBehind(7);
    behind.add("a", 7);
    behind.take(1);
    behind.heard(8);
    behind.add("a", 8);
    assert.deepEqual([behind.isEmpty, behind.written], [false, 7]);
  });
});
