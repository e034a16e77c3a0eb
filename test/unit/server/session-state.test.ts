import assert from "node:assert/strict";
import type { Session } from "../../../src/protocol/entities.ts";
import type { PtyInfo } from "../../../src/protocol/ptyhost.ts";
import { afterExit, afterPtyExit, followSession, withState } from "../../../src/server/sessions/session-state.ts";
import { aPty, aReason, aRequest, aSession, aTask } from "../../support/entities.ts";

const NOW = 5_000;

describe("a session whose pty ended", () => {
  const table: [what: string, info: Partial<PtyInfo>, state: Session["state"], reason: RegExp][] = [
    ["exits with 0", { exitCode: 0 }, "DONE", /exit code 0/],
    ["exits with 3", { exitCode: 3 }, "ERROR", /exit code 3/],
    ["is killed", { signal: "SIGKILL" }, "ERROR", /SIGKILL/],
    ["cannot be spawned", { spawnError: "exec format error" }, "ERROR", /exec format/],
  ];
  for (const [what, info, state, reason] of table) {
    it(`is ${state} when its program ${what}`, () => {
      const next = afterPtyExit(aSession(), aPty({ phase: "exited", ...info }), false, NOW);
      assert.equal(next.state, state);
      assert.match(next.reason.text, reason);
    });
  }

  it("stays ended, whatever is told later", () => {
    const ended = aSession({ state: "DONE", endedAt: 1 });
    assert.equal(afterPtyExit(ended, aPty({ phase: "exited", exitCode: 3 }), false, NOW), ended);
  });

  it("waits for nobody any more", () => {
    const asks = aSession({ state: "WAITING_USER", request: aRequest() });
    assert.equal(afterPtyExit(asks, aPty({ phase: "exited", exitCode: 0 }), false, NOW).request, null);
  });
});

describe("a session found in a state", () => {
  const asks = withState(aSession(), "WAITING_USER", aReason({ text: "a", at: NOW }), aRequest());

  it("is the same object when nothing changed, so that nothing is written", () => {
    assert.equal(withState(asks, "WAITING_USER", aReason({ text: "a", at: NOW + 1 }), aRequest()), asks);
  });

  it("keeps since when it holds, while only the reason changes", () => {
    const asksMore = withState(asks, "WAITING_USER", aReason({ text: "b", at: NOW + 50 }), aRequest());
    assert.equal(asksMore.stateSince, NOW);
    assert.equal(asksMore.reason.text, "b");
  });

  it("changes when the agent tells more of what it asks", () => {
    const fuller = withState(
      asks,
      "WAITING_USER",
      aReason({ text: "a", at: NOW }),
      aRequest({ detail: "touch x; rm y" }),
    );
    assert.equal(fuller.request?.detail, "touch x; rm y");
  });

  it("changes when the request can no longer be answered from here", () => {
    const gone = withState(asks, "WAITING_USER", aReason({ text: "a", at: NOW }), aRequest({ isAnswerable: false }));
    assert.equal(gone.request?.isAnswerable, false);
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
