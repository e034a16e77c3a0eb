import assert from "node:assert/strict";
import { ancestorsOf, parentLookup, refuseInsideSession, sessionAround } from "../../../src/cli/inside-session.ts";
import type { Session } from "../../../src/protocol/entities.ts";
import { TallyError } from "../../../src/protocol/errors.ts";
import { aSession } from "../../support/entities.ts";

/** Process 40, started by 30, started by 20, started by 1. */
const parents = new Map([
  [40, 30],
  [30, 20],
  [20, 1],
  [1, 0],
]);
const parentOf = (pid: number) => parents.get(pid) ?? null;

describe("the ancestors of a process", () => {
  it("go up to the first process of all", () => {
    assert.deepEqual(ancestorsOf(40, parentOf), [30, 20, 1]);
  });

  it("end where a parent is not known", () => {
    assert.deepEqual(
      ancestorsOf(40, (pid) => (pid === 40 ? 30 : null)),
      [30],
    );
  });

  it("end where a pid comes again", () => {
    assert.deepEqual(
      ancestorsOf(40, (pid) => (pid === 40 ? 30 : 40)),
      [30],
    );
  });

  it("are told by this system, for this very process", () => {
    assert.equal(ancestorsOf(process.pid, parentLookup())[0], process.ppid);
  });
});

describe("the session around a process", () => {
  it("is the live one whose process it descends from", () => {
    const sessions = [aSession({ id: "other", pid: 99 }), aSession({ id: "mine", pid: 20 })];
    assert.equal(sessionAround(40, sessions, parentOf)?.id, "mine");
  });

  it("is also that of which it is the process itself", () => {
    assert.equal(sessionAround(40, [aSession({ id: "mine", pid: 40 })], parentOf)?.id, "mine");
  });

  it("is none that has ended: its pid may be another's by now", () => {
    assert.equal(sessionAround(40, [aSession({ pid: 20, endedAt: 5 })], parentOf), null);
  });
});

describe("an answer from inside a session", () => {
  const caller = (env: Record<string, string>, sessions: Session[]) =>
    refuseInsideSession({ env, pid: 40, parentOf, sessions: () => Promise.resolve(sessions), deed: "answer" });
  const isRefusal = (error: unknown) => error instanceof TallyError && error.code === "inside-session";

  it("is refused by the environment", async () => {
    await assert.rejects(caller({ TALLY_SESSION_ID: "mine" }, []), isRefusal);
  });

  it("is refused by the ancestors when the environment was cleaned", async () => {
    await assert.rejects(caller({}, [aSession({ pid: 30 })]), isRefusal);
  });

  it("is not what comes from anywhere else", async () => {
    await caller({ TALLY_SESSION_ID: "" }, [aSession({ pid: 99 }), aSession({ pid: null })]);
  });
});
