import assert from "node:assert/strict";
import { commandHelp } from "../../../src/cli/help.ts";
import { UsageError } from "../../../src/cli/usage.ts";
import { arrivalOf, parseStates, restingStates } from "../../../src/cli/wanted-states.ts";
import { sessionStateSchema } from "../../../src/protocol/states.ts";
import { aReason, aSession } from "../../support/entities.ts";

describe("the states to wait for", () => {
  it("are named in either case, or by the words that Tally shows", () => {
    assert.deepEqual(parseStates("idle,WAITING_USER"), ["IDLE", "WAITING_USER"]);
    assert.deepEqual(parseStates("Waiting, done"), ["WAITING_USER", "DONE"]);
  });

  it("are listed to a person who names another", () => {
    assert.throws(
      () => parseStates("IDLE,ASLEEP"),
      (error) => error instanceof UsageError && /"ASLEEP".*STARTING, RUNNING, WAITING_USER/.test(error.message),
    );
  });

  it("are all named in the command's help", () => {
    for (const state of sessionStateSchema.options) assert.match(commandHelp("wait"), new RegExp(`\\b${state}\\b`));
  });

  it("are by default those in which it does not work", () => {
    assert.deepEqual(
      sessionStateSchema.options.filter((state) => !restingStates.includes(state)),
      ["STARTING", "RUNNING"],
    );
  });
});

describe("a session that is waited for", () => {
  it("is there when it is in a wanted state, ended or not", () => {
    assert.equal(arrivalOf(aSession({ state: "IDLE" }), ["IDLE"]), "there");
    assert.equal(arrivalOf(aSession({ state: "DONE", endedAt: 1 }), ["DONE"]), "there");
  });

  it("is under way in any other", () => {
    assert.equal(arrivalOf(aSession({ state: "RUNNING" }), ["IDLE"]), "under-way");
  });

  it("is not there when its state is only guessed", () => {
    const guessed = aSession({ state: "RUNNING", reason: aReason({ isUnknown: true }) });
    assert.equal(arrivalOf(guessed, ["RUNNING"]), "under-way");
  });

  it("goes on after a turn that failed", () => {
    assert.equal(arrivalOf(aSession({ state: "ERROR", endedAt: null }), ["DONE"]), "under-way");
  });

  it("never comes when it has ended otherwise, or was removed", () => {
    assert.equal(arrivalOf(aSession({ state: "ERROR", endedAt: 1 }), ["IDLE"]), "never");
    assert.equal(arrivalOf(null, ["IDLE"]), "never");
  });
});
