import assert from "node:assert/strict";
import type { Change, TallyEvent } from "../../../../src/protocol/events.ts";
import { feedChanges } from "../../../../src/server/session-api/feed-changes.ts";
import { aProject, aSession, aTask } from "../../../support/entities.ts";

describe("what the feed tells of events", () => {
  const session = (id: string, transition?: "started" | "ended"): Change => ({
    type: "session.changed",
    session: aSession({ id, endedAt: transition === "ended" ? 9 : null }),
    ...(transition && { transition }),
  });
  const task = (sessionId: string | null): Change => ({ type: "task.changed", task: aTask({ sessionId }) });
  const told = (...changes: Change[]) => {
    const events: TallyEvent[] = changes.map((change, index) => ({ seq: index + 1, at: 0, change }));
    return feedChanges(events).map(
      ({ type, sessionId, seq }) => `${seq} ${sessionId} ${type.slice("session:".length)}`,
    );
  };

  it("is a start with all that belongs to it", () => {
    const project: Change = { type: "project.changed", project: aProject() };
    assert.deepEqual(told(project, session("a", "started"), task("a")), ["3 a started"]);
  });

  it("is an end with all that belongs to it", () => {
    assert.deepEqual(told(task("a"), session("a", "ended"), task("a")), ["3 a ended"]);
  });

  it("is the last of what else happens to a session", () => {
    assert.deepEqual(told(task("a"), session("a"), task("b"), task("a")), ["3 b updated", "4 a updated"]);
  });

  it("is each start and each end, also of sessions that take turns", () => {
    const changes = [session("a", "started"), session("b", "started"), task("a"), session("a"), session("b", "ended")];
    assert.deepEqual(told(...changes), ["1 a started", "2 b started", "4 a updated", "5 b ended"]);
  });

  it("is each of two starts and ends of a session that was opened again", () => {
    const changes = [session("a", "ended"), session("a"), session("a", "ended")];
    assert.deepEqual(told(...changes), ["1 a ended", "3 a ended"]);
    assert.deepEqual(told(...changes.slice(0, 2)), ["1 a ended", "2 a updated"]);
  });

  it("is nothing of what belongs to no session", () => {
    assert.deepEqual(told(task(null), { type: "task.removed", id: "t" }, { type: "session.removed", id: "a" }), []);
  });

  it("tells a session as it was then", () => {
    const [before, after] = [aSession({ id: "a", state: "IDLE" }), aSession({ id: "a", state: "DONE", endedAt: 5 })];
    const changes: Change[] = [
      { type: "session.changed", session: before, transition: "started" },
      task("b"),
      { type: "session.changed", session: after, transition: "ended" },
      task("a"),
    ];
    const events = changes.map((change, index) => ({ seq: index + 1, at: 0, change }));
    assert.deepEqual(
      feedChanges(events).map(({ sessionId, session: then }) => [sessionId, then?.state]),
      [
        ["a", "IDLE"],
        ["b", undefined],
        ["a", "DONE"],
      ],
    );
  });
});
