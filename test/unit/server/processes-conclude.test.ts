import assert from "node:assert/strict";
import {
  concludeProcess,
  type EndedBy,
  type ProcessFacts,
} from "../../../src/server/worktrees/processes/conclude-process.ts";

const said = (facts: ProcessFacts) => {
  const { state, reason } = concludeProcess(facts);
  return `${state}: ${reason}`;
};
const ended = (fields: Partial<Extract<ProcessFacts, { life: "ended" }>>) =>
  said({ life: "ended", exitCode: null, signal: null, spawnError: null, endedBy: null, ...fields });
const running = (port: number | null, is: boolean, was: boolean, isOverdue = false) =>
  concludeProcess({ life: "running", port, listening: { is, was, isOverdue } });

describe("the state of a process", () => {
  it("is RUNNING once its port answers", () => {
    const answering = { state: "RUNNING", reason: "It answers on port 8000.", isListening: true };
    assert.deepEqual(running(8000, true, false), answering);
  });

  it("is STARTING until then, and again when the port falls silent", () => {
    const yet = { state: "STARTING", reason: "It runs, and nothing answers on port 8000 yet.", isListening: false };
    assert.deepEqual(running(8000, false, false), yet);
    assert.deepEqual(running(8000, false, true), { ...yet, reason: yet.reason.replace("yet", "any more") });
  });

  it("is ERROR when the port is silent for too long", () => {
    const { state, reason } = running(8000, false, false, true);
    assert.equal(
      `${state}: ${reason}`,
      "ERROR: It runs, and nothing answers on port 8000 yet. Look into its terminal.",
    );
  });

  it("is RUNNING as long as it runs where it has no port", () => {
    assert.deepEqual(running(null, false, false), { state: "RUNNING", reason: "It runs.", isListening: null });
  });

  it("follows the exit code of one that ended by itself", () => {
    assert.equal(ended({ exitCode: 0 }), "DONE: It ended with exit code 0.");
    assert.equal(ended({ exitCode: 1 }), "ERROR: It ended with exit code 1.");
    assert.equal(ended({ signal: "SIGKILL" }), "ERROR: It was ended by SIGKILL.");
  });

  it("is STOPPED when somebody stopped it, whatever its exit code", () => {
    assert.equal(ended({ exitCode: 143, endedBy: "person" }), "STOPPED: You stopped it.");
    assert.equal(ended({ signal: "SIGTERM", endedBy: "worktree" }), "STOPPED: It was stopped with its worktree.");
  });

  it("is ERROR when Tally had to end it", () => {
    const states = (["time-limit", "gateway-gone"] satisfies EndedBy[]).map(
      (endedBy) => ended({ endedBy }).split(":")[0],
    );
    assert.deepEqual(states, ["ERROR", "ERROR"]);
  });

  it("says why it could not be started", () => {
    assert.equal(
      ended({ spawnError: "/gone does not exist" }),
      "ERROR: It could not be started: /gone does not exist.",
    );
  });

  it("stays as it was while its terminal cannot be reached, and says so", () => {
    const facts = { life: "unreachable", state: "RUNNING", isListening: true } as const;
    const { state, reason, isListening } = concludeProcess(facts);
    assert.match(`${state}: ${reason}`, /^RUNNING: unknown, because /);
    assert.equal(isListening, true);
  });
});
