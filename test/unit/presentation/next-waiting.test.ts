import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { nextWaiting } from "../../../src/presentation/next-waiting.ts";
import { aSession } from "../../support/entities.ts";

describe("the next session that waits", () => {
  const waiting = ["a", "b", "c"].map((id) => aSession({ id, state: "WAITING_USER" }));
  const next = (frontId: string | null) => nextWaiting(waiting, frontId)?.id;

  it("is the one that waits longest, from anywhere else", () => {
    assert.equal(next(null), "a");
    assert.equal(next("one that works"), "a");
  });

  it("is the one after the one in front, and after the last the first again", () => {
    assert.deepEqual(["a", "b", "c"].map(next), ["b", "c", "a"]);
  });

  it("is the same when it is the only one", () => {
    const [only] = waiting;
    assert.equal(only && nextWaiting([only], "a"), only);
  });

  it("is none when none waits", () => assert.equal(nextWaiting([], "a"), undefined));
});
