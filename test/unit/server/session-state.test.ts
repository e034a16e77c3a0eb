import assert from "node:assert/strict";
import type { Session } from "../../../src/protocol/entities.ts";
import type { ProgramStatus, PtyInfo } from "../../../src/protocol/ptyhost.ts";
import { afterExit, afterPtyChange, followSession } from "../../../src/server/sessions/session-state.ts";
import { aSession, aTask } from "../../support/entities.ts";

const NOW = 5_000;

function pty(info: Partial<PtyInfo>): PtyInfo {
  return {
    ptyId: "p",
    phase: "running",
    pid: 42,
    exitCode: null,
    signal: null,
    exitedAt: null,
    spawnError: null,
    status: null,
    ...info,
  };
}

const says = (state: ProgramStatus["state"], message: string | null = null): Partial<PtyInfo> => ({
  status: { state, app: "codex", kind: null, message },
});

describe("a session's state, from what its terminal tells", () => {
  const table: [what: string, info: Partial<PtyInfo>, state: Session["state"], reason: RegExp][] = [
    ["waits for its terminal", { phase: "pending", pid: null }, "STARTING", /being started/],
    ["runs and says nothing", {}, "RUNNING", /process is running/],
    ["says it works", says("working"), "RUNNING", /codex is working/],
    ["says it is blocked", says("blocked", "approve Bash: touch x"), "WAITING_USER", /waits for you: approve Bash/],
    ["says it is idle", says("idle"), "IDLE", /finished its turn/],
    ["says it failed", says("error", "no network"), "ERROR", /reports an error: no network/],
    ["exits with 0", { phase: "exited", exitCode: 0 }, "DONE", /exit code 0/],
    ["exits with 3", { phase: "exited", exitCode: 3 }, "ERROR", /exit code 3/],
    ["is killed", { phase: "exited", signal: "SIGKILL" }, "ERROR", /SIGKILL/],
    ["cannot be spawned", { phase: "exited", spawnError: "exec format error" }, "ERROR", /exec format/],
  ];
  for (const [what, info, state, reason] of table) {
    it(`is ${state} when it ${what}`, () => {
      const next = afterPtyChange(aSession({ state: "STARTING" }), pty(info), false, NOW);
      assert.equal(next.state, state);
      assert.match(next.reason.text, reason);
    });
  }

  it("stays ended, whatever is told later", () => {
    const ended = aSession({ state: "DONE", endedAt: 1 });
    assert.equal(afterPtyChange(ended, pty({}), false, NOW), ended);
  });

  it("is the same object when nothing changed, so that nothing is written", () => {
    const running = afterPtyChange(aSession({}), pty({}), false, NOW);
    assert.equal(afterPtyChange(running, pty({}), false, NOW + 1), running);
  });

  it("keeps since when it holds, while only the reason changes", () => {
    const asks = afterPtyChange(aSession({}), pty(says("blocked", "a")), false, NOW);
    const asksMore = afterPtyChange(asks, pty(says("blocked", "b")), false, NOW + 50);
    assert.equal(asksMore.stateSince, NOW);
    assert.match(asksMore.reason.text, /b$/);
  });
});

describe("a session whose process is over", () => {
  it("is DONE when a person ended it, whatever the exit code", () => {
    assert.equal(afterExit(aSession({}), { exitCode: 143, signal: null }, true, NOW).state, "DONE");
  });

  it("is ERROR with reason process-lost when nobody saw how it ended", () => {
    const lost = afterExit(aSession({}), { exitCode: null, signal: null }, false, NOW);
    assert.equal(lost.state, "ERROR");
    assert.match(lost.reason.text, /^process-lost/);
  });
});

describe("the root task", () => {
  it("follows its session's state and title", () => {
    const session = aSession({ state: "PAUSED", title: "New title" });
    const task = followSession(aTask({ sessionId: session.id, kind: "root" }), session);
    assert.equal(task.state, "BLOCKED");
    assert.equal(task.title, "New title");
  });
});
