import assert from "node:assert/strict";
import { InTurn } from "../../../src/server/worktrees/processes/in-turn.ts";
import { deferred } from "../../support/deferred.ts";

describe("what is done in turn", () => {
  const done: string[] = [];
  const doing =
    (name: string, until: Promise<void> = Promise.resolve()) =>
    async () => {
      await until;
      done.push(name);
    };
  beforeEach(() => done.splice(0));

  it("is done one after the other for one key, and beside each other for two", async () => {
    const inTurn = new InTurn();
    const first = deferred();
    const all = [inTurn.do("a", doing("first", first.promise)), inTurn.do("a", doing("second"))];
    await inTurn.do("b", doing("other"));
    first.resolve();
    await Promise.all(all);
    assert.deepEqual(done, ["other", "first", "second"]);
  });

  it("goes on after something failed", async () => {
    const inTurn = new InTurn();
    const failed = inTurn.do("a", () => Promise.reject(new Error("no")));
    await Promise.all([assert.rejects(failed, /no/), inTurn.do("a", doing("next"))]);
    assert.deepEqual(done, ["next"]);
  });
});
