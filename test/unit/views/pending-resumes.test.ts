import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { PendingResumes } from "../../../src/views/pending-resumes.ts";
import { aContinuation, aSession } from "../../support/entities.ts";
import { modelOf } from "../../support/trees.ts";

const waits = aSession({ state: "PAUSED", continuation: aContinuation() });

describe("whether a window starts a gateway for what waits for a reset", () => {
  it("is no where nothing was ever known to", () => assert.ok(!new PendingResumes(aMemory()).areLeft));

  it("is yes in the next window where a session did when one last knew", () => {
    const memory = aMemory();
    new PendingResumes(memory).update(modelOf(waits));
    assert.ok(new PendingResumes(memory).areLeft);
  });

  for (const [what, sessions] of [
    ["it has gone on", [{ ...waits, continuation: aContinuation({ status: "resumed" }) }]],
    ["it is not to go on by itself", [{ ...waits, autoResume: false }]],
    ["it has been removed", []],
  ] as const) {
    it(`is no once ${what}`, () => {
      const pending = new PendingResumes(aMemory());
      pending.update(modelOf(waits));
      pending.update(modelOf(...sessions));
      assert.ok(!pending.areLeft);
    });
  }
});

function aMemory() {
  const values = new Map<string, unknown>();
  return {
    get: <T>(key: string, otherwise?: T) => (values.has(key) ? values.get(key) : otherwise) as T,
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
  };
}
