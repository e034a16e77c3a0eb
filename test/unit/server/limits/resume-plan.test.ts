import assert from "node:assert/strict";
import fc from "fast-check";
import type { Continuation, Pause } from "../../../../src/protocol/limits.ts";
import { planResumes, type ResumeRules, type StoppedSession } from "../../../../src/server/limits/resume-plan.ts";
import { aContinuation, aPause } from "../../../support/entities.ts";

const RESET = 100_000;
const rules: ResumeRules = {
  now: RESET,
  quietUntil: null,
  maxConcurrent: 3,
  staggerMs: 2_000,
  lastStartAt: 0,
  noticedAt: RESET,
  agentGraceMs: 180_000,
};

const limit = (fields: Partial<Pause> = {}): Pause => aPause({ until: RESET, nextTryAt: RESET, ...fields });
const over = limit({ endedAt: RESET + 10, endedBy: "reset", nextTryAt: null });

function stopped(id: string, fields: Partial<Continuation> = {}, more: Partial<StoppedSession> = {}): StoppedSession {
  const continuation = aContinuation({ at: RESET, ...fields });
  return { id, continuation, isHeldLaunch: false, isPutOff: false, isStill: true, since: 1_000, ...more };
}

describe("who is brought back after a limit", () => {
  it("is nobody before the reset", () => {
    const plan = planResumes(limit(), [stopped("a")], { ...rules, now: RESET - 1 });
    assert.deepEqual(plan, { start: null, endsPause: false, wakeAt: RESET });
  });

  it("is the one that was stopped first, at the reset", () => {
    const sessions = [stopped("late", {}, { since: 2_000 }), stopped("first")];
    assert.equal(planResumes(limit(), sessions, rules).start, "first");
  });

  it("is nobody else before the first one has moved", () => {
    const sessions = [stopped("canary", { status: "resuming" }), stopped("b"), stopped("c")];
    assert.deepEqual(planResumes(limit(), sessions, { ...rules, now: RESET + 60_000 }), {
      start: null,
      endsPause: false,
      wakeAt: null,
    });
  });

  it("is the next one when the first has moved, and the pause is over", () => {
    const sessions = [stopped("canary", { status: "resumed", at: RESET + 5 }), stopped("b"), stopped("c")];
    const plan = planResumes(limit(), sessions, { ...rules, now: RESET + 5_000, lastStartAt: RESET });
    assert.deepEqual([plan.start, plan.endsPause], ["b", true]);
  });

  it("is the next one only a little after the one before", () => {
    const sessions = [stopped("canary", { status: "resumed", at: RESET + 11 }), stopped("b")];
    const plan = planResumes(over, sessions, { ...rules, now: RESET + 500, lastStartAt: RESET });
    assert.deepEqual([plan.start, plan.wakeAt], [null, RESET + 2_000]);
  });

  it("is nobody while as many as may are being brought back", () => {
    const resuming = ["b", "c", "d"].map((id) => stopped(id, { status: "resuming" }));
    const sessions = [stopped("canary", { status: "resumed", at: RESET + 11 }), ...resuming, stopped("e")];
    assert.equal(planResumes(over, sessions, { ...rules, now: RESET + 90_000 }).start, null);
  });

  it("is another canary when the first one could not be brought back", () => {
    const sessions = [stopped("a", { status: "not-resumed" }), stopped("b", {}, { since: 2_000 })];
    assert.equal(planResumes(limit(), sessions, rules).start, "b");
  });

  it("is nobody in quiet hours, though the pause is over and launches are free", () => {
    const plan = planResumes(limit(), [stopped("a")], { ...rules, quietUntil: RESET + 50_000 });
    assert.deepEqual(plan, { start: null, endsPause: true, wakeAt: RESET + 50_000 });
  });

  it("is a canary first also after quiet hours, and after a pause that was lifted", () => {
    const lifted = limit({ endedAt: 500, endedBy: "lifted", nextTryAt: null });
    const sessions = [stopped("a", { status: "resuming", at: 600 }), stopped("b", { at: 500 })];
    assert.equal(planResumes(lifted, sessions, { ...rules, now: 5_000 }).start, null);
    assert.equal(planResumes(over, [stopped("a", { status: "resuming" }), stopped("b")], rules).start, null);
  });

  it("is no agent that goes on by itself, until it had its time", () => {
    const sessions = [stopped("a", { owner: "agent" })];
    assert.deepEqual(planResumes(limit(), sessions, rules), {
      start: null,
      endsPause: false,
      wakeAt: RESET + rules.agentGraceMs,
    });
    assert.equal(planResumes(limit(), sessions, { ...rules, now: RESET + rules.agentGraceMs }).start, "a");
  });

  it("is no agent that goes on by itself, until it had its time from when anybody could notice the reset", () => {
    const late = { ...rules, noticedAt: RESET * 9, now: RESET * 9 };
    const plan = planResumes(limit(), [stopped("a", { owner: "agent" })], late);
    assert.deepEqual([plan.start, plan.wakeAt], [null, late.noticedAt + rules.agentGraceMs]);
  });

  it("is nobody who works again already", () => {
    const [working, still] = [stopped("a", {}, { isStill: false }), stopped("b", {}, { since: 2_000 })];
    assert.equal(planResumes(limit(), [working, still], rules).start, "b");
    assert.deepEqual(planResumes(limit(), [working], rules), { start: null, endsPause: false, wakeAt: null });
  });

  it("is a held launch only after the conversations: those show whether the limit is gone", () => {
    const sessions = [stopped("held", {}, { isHeldLaunch: true, since: 1 }), stopped("a")];
    assert.equal(planResumes(limit(), sessions, rules).start, "a");
    const canary = [stopped("held", {}, { isHeldLaunch: true }), stopped("a", { status: "resuming" })];
    assert.equal(planResumes(limit(), canary, { ...rules, now: RESET + 9_000 }).start, null);
  });

  it("is a held launch at once where there is no conversation", () => {
    const plan = planResumes(limit(), [stopped("held", {}, { isHeldLaunch: true })], rules);
    assert.deepEqual([plan.start, plan.endsPause], ["held", true]);
  });

  it("is everybody, one after the other, after a pause by hand", () => {
    const sessions = [stopped("a", { status: "resuming" }), stopped("b")];
    const plan = planResumes(limit({ kind: "manual" }), sessions, { ...rules, now: RESET + 9_000, lastStartAt: RESET });
    assert.deepEqual([plan.start, plan.endsPause], ["b", true]);
  });

  it("is nobody where nobody was stopped: the pause just ends", () => {
    assert.deepEqual(planResumes(limit(), [], rules), { start: null, endsPause: true, wakeAt: null });
  });

  it("is nobody of a pause that is never tried out", () => {
    const plan = planResumes(limit({ until: null, nextTryAt: null }), [stopped("a")], { ...rules, now: RESET * 9 });
    assert.deepEqual(plan, { start: null, endsPause: false, wakeAt: null });
  });

  it("is everybody exactly once in the end, with one canary, whatever the order of things", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        (count, maxConcurrent, heldLaunches) => {
          let pause = limit();
          let now = RESET;
          let lastStartAt = 0;
          const starts: string[] = [];
          let sessions = Array.from({ length: count }, (_, index) =>
            stopped(`s${index}`, {}, { isHeldLaunch: heldLaunches[index] ?? false, since: index }),
          );
          const set = (id: string, status: Continuation["status"]) => {
            sessions = sessions.map((each) =>
              each.id === id ? { ...each, continuation: { ...each.continuation, status, at: now } } : each,
            );
          };
          for (let step = 0; step < 200; step++) {
            const plan = planResumes(pause, sessions, { ...rules, now, lastStartAt, maxConcurrent });
            if (plan.endsPause) pause = { ...pause, endedAt: now, endedBy: "reset", nextTryAt: null };
            if (plan.start !== null) {
              starts.push(plan.start);
              set(plan.start, "resuming");
              lastStartAt = now;
            } else {
              const moving = sessions.find(({ continuation }) => continuation.status === "resuming");
              if (moving) set(moving.id, "resumed");
            }
            const resuming = sessions.filter(({ continuation }) => continuation.status === "resuming");
            assert(resuming.length <= maxConcurrent);
            now += 1_000;
          }
          assert.deepEqual([...starts].sort(), sessions.map(({ id }) => id).sort());
          assert.notEqual(pause.endedAt, null);
        },
      ),
    );
  });
});
