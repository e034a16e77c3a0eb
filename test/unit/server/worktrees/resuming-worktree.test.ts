import assert from "node:assert/strict";
import type { Session } from "../../../../src/protocol/entities.ts";
import { toResume } from "../../../../src/server/worktrees/resuming-worktree.ts";
import { aSession, aWorktree } from "../../../support/entities.ts";

const worktree = aWorktree({ id: "w1", agentSessionId: "main" });

function stored(fields: Partial<Session>, endRequested = false) {
  const session = aSession({ worktreeId: "w1", ...fields });
  return { ...session, ptyId: session.id, endRequested, processStart: null, tracking: null, launch: null };
}

const resumed = (...sessions: ReturnType<typeof stored>[]) => toResume(worktree, sessions).map(({ id }) => id);

describe("the sessions that come back with a worktree", () => {
  it("are those whose process was lost, and not those that a person ended", () => {
    const lost = stored({ id: "lost", state: "ERROR", endedAt: 5 });
    const ended = stored({ id: "ended", state: "ERROR", endedAt: 5 }, true);
    const left = stored({ id: "left", state: "DONE", endedAt: 5 });
    assert.deepEqual(resumed(lost, ended, left), ["lost"]);
  });

  it("include the one that began with it, however it ended", () => {
    assert.deepEqual(resumed(stored({ id: "main", state: "DONE", endedAt: 5 }, true)), ["main"]);
  });

  it("leave that one alone where another one lives", () => {
    const other = stored({ id: "other", state: "IDLE" });
    assert.deepEqual(resumed(stored({ id: "main", state: "DONE", endedAt: 5 }), other), ["other"]);
  });

  it("are of this worktree only, and none that ran in somebody else's pipes", () => {
    const elsewhere = stored({ id: "elsewhere", worktreeId: "w2", state: "ERROR", endedAt: 5 });
    const piped = stored({ id: "piped", mode: "pipes", state: "ERROR", endedAt: 5 });
    assert.deepEqual(resumed(elsewhere, piped), []);
  });
});
