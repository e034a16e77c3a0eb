import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Session } from "../../../../src/protocol/entities.ts";
import {
  failureKey,
  failures,
  isLate,
  stuckTasks,
  unknownSessions,
} from "../../../../src/webview/sections/waiting/needs-you.ts";
import { aReason, aRun, aSession } from "../../../support/entities.ts";
import { modelOf } from "../../../support/trees.ts";

const hour = 60 * 60_000;

describe("sessions that nobody knows what they do", () => {
  const unknown = (fields: Partial<Session>) => aSession({ reason: aReason({ isUnknown: true }), ...fields });

  it("need the person, the longest first", () => {
    const model = modelOf(unknown({ id: "new", stateSince: 20 }), unknown({ id: "old", stateSince: 10 }), aSession());
    assert.deepEqual(
      unknownSessions(model).map(({ id }) => id),
      ["old", "new"],
    );
  });

  it("do not where they have ended, or are said to wait already", () => {
    const model = modelOf(unknown({ id: "a", endedAt: 2_000 }), unknown({ id: "b", state: "WAITING_USER" }));
    assert.deepEqual(unknownSessions(model), []);
  });
});

describe("tasks of the queue", () => {
  it("need the person where they wait for one", () => {
    const run = aRun().run!;
    const stuck = aRun({ run: { ...run, waitsFor: { kind: "person", text: "Add the worktree again.", until: null } } });
    const waits = aRun({ id: "run2", run: { ...run, waitsFor: { kind: "slots", text: "", until: null } } });
    assert.deepEqual(stuckTasks(modelOf(stuck, waits)), [stuck]);
  });
});

describe("what failed", () => {
  const lost = aSession({ id: "lost", state: "ERROR", endedAt: 5_000 });
  const failed = aRun({ state: "ERROR", endedAt: 6_000 });

  it("is sessions and tasks, the latest first", () => {
    assert.deepEqual(failures(modelOf(lost, aSession(), failed, aRun({ id: "run2" }))), [
      { at: 6_000, task: failed },
      { at: 5_000, session: lost },
    ]);
  });

  it("is not said twice of a session without a terminal, nor of one put away", () => {
    const headless = aSession({ id: "headless", state: "ERROR", mode: "headless" });
    assert.deepEqual(failures(modelOf(headless, { ...lost, archivedAt: 6_000 })), []);
  });

  it("is told apart when the same fails again", () => {
    assert.notEqual(failureKey({ at: 1, session: lost }), failureKey({ at: 2, session: lost }));
  });

  it("is history after half a day", () => {
    assert.equal(isLate({ at: 0, session: lost }, 11 * hour), false);
    assert.equal(isLate({ at: 0, session: lost }, 13 * hour), true);
  });
});
