import assert from "node:assert/strict";
import type { Session, Task } from "../../../../src/protocol/entities.ts";
import { terminalOutcome as outcomeAt } from "../../../../src/server/tasks/terminal-run.ts";
import { aReason, aRun, aSession, aTask } from "../../../support/entities.ts";

const STARTED = 10_000;
const STUCK_MS = 60_000;
const terminalOutcome = (session: Session, task: Task, prompts: readonly Task[], now = STARTED + 1_000) =>
  outcomeAt(session, task, { prompts }, { now, stuckAfterMs: STUCK_MS });
const task = aRun({ state: "RUNNING", startedAt: STARTED });
const prompt = (state: "RUNNING" | "DONE" | "ERROR" | "CANCELLED" | "BLOCKED", createdAt = STARTED + 5) =>
  aTask({ kind: "prompt", state, createdAt, details: state === "ERROR" ? "It broke." : null });

describe("what becomes of a task in a terminal", () => {
  it("is open while its prompt is not seen, or is worked at", () => {
    assert.equal(terminalOutcome(aSession({ state: "IDLE" }), task, []), null);
    assert.equal(terminalOutcome(aSession({ state: "IDLE" }), task, [prompt("DONE", STARTED - 60_000)]), null);
    assert.equal(terminalOutcome(aSession({ state: "RUNNING" }), task, [prompt("RUNNING")]), null);
  });

  it("is what became of the prompt", () => {
    const outcome = (state: "DONE" | "ERROR" | "CANCELLED" | "BLOCKED") =>
      terminalOutcome(aSession({ state: "IDLE" }), task, [prompt(state)])?.outcome;
    assert.deepEqual((["DONE", "ERROR", "CANCELLED", "BLOCKED"] as const).map(outcome), [
      ...["done", "failed", "cancelled", "blocked"],
    ]);
  });

  it("is open where nobody knows what the session does", () => {
    const reason = aReason({ isUnknown: true });
    assert.equal(terminalOutcome(aSession({ state: "IDLE", reason }), task, [prompt("DONE")]), null);
  });

  it("is a failure where its agent rests and has not begun a turn for long", () => {
    const late = STARTED + STUCK_MS;
    assert.equal(terminalOutcome(aSession({ state: "IDLE" }), task, [], late)?.outcome, "failed");
    assert.equal(terminalOutcome(aSession({ state: "STARTING" }), task, [], late), null);
  });

  it("is a failure where the session ended at work, in its words", () => {
    const session = aSession({ state: "ERROR", endedAt: 1, exitCode: 2, reason: aReason({ text: "Exit code 2." }) });
    assert.deepEqual(terminalOutcome(session, task, [prompt("RUNNING")]), { outcome: "failed", error: "Exit code 2." });
  });

  it("is not what became of the prompt before it", () => {
    const before = { ...prompt("DONE", STARTED - 200), endedAt: STARTED };
    assert.equal(terminalOutcome(aSession({ state: "IDLE" }), task, [before]), null);
  });

  it("follows the state of an agent that tells of no prompts, once it was seen to work", () => {
    const session = aSession({ state: "IDLE", reason: aReason({ source: "program-status" }) });
    const at = { now: STARTED + 1_000, stuckAfterMs: STUCK_MS };
    assert.equal(outcomeAt(session, task, { hasWorked: false }, at), null);
    assert.equal(outcomeAt(session, task, { hasWorked: true }, at)?.outcome, "done");
  });
});
