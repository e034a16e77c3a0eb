import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { applyChange, applyChanges, emptyModel, modelFromSnapshot } from "../../../src/protocol/model.ts";
import { anAccount, aPause } from "../../support/entities.ts";

describe("what a client knows of limits", () => {
  const begun = applyChange(emptyModel, 1, { type: "pause.changed", pause: aPause() });

  it("is a pause from when it begins", () => assert.deepEqual([...begun.pauses.keys()], ["pause1"]));

  it("is its latest state", () => {
    const prolonged = applyChange(begun, 2, { type: "pause.changed", pause: aPause({ until: 9_000 }) });
    assert.equal(prolonged.pauses.get("pause1")?.until, 9_000);
  });

  it("is no pause that has ended", () => {
    const ended = aPause({ endedAt: 9_000, endedBy: "lifted" });
    assert.equal(applyChange(begun, 2, { type: "pause.changed", pause: ended }).pauses.size, 0);
  });

  it("is each account as last told", () => {
    const model = applyChange(begun, 2, { type: "account.changed", account: anAccount() });
    assert.deepEqual([...model.accounts.keys()], ["claude-account1"]);
  });

  it("comes with a snapshot", () => {
    const nothing = { storeId: "s", seq: 1, projects: [], worktrees: [], processes: [], sessions: [], tasks: [] };
    const model = modelFromSnapshot({ ...nothing, accounts: [anAccount()], pauses: [aPause()] });
    assert.deepEqual([model.accounts.size, model.pauses.size], [1, 1]);
  });
});

describe("what a client knows after changes in a row", () => {
  const one = { type: "pause.changed", pause: aPause({ id: "one" }) } as const;
  const other = { type: "pause.changed", pause: aPause({ id: "other" }) } as const;

  it("is what it would know after each of them", () => {
    const inTurn = applyChange(applyChange(emptyModel, 1, one), 2, other);
    assert.deepEqual(applyChanges(emptyModel, 2, [one, other]), inTurn);
  });

  it("leaves what it knew before as it was, and is the same where nothing changed", () => {
    const before = applyChange(emptyModel, 1, one);
    const after = applyChanges(before, 2, [other]);
    assert.deepEqual([...before.pauses.keys()], ["one"]);
    assert.equal(after.sessions, before.sessions);
  });
});
