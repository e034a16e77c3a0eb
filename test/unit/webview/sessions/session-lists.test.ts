import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Session } from "../../../../src/protocol/entities.ts";
import { emptyModel } from "../../../../src/protocol/model.ts";
import { placeAfter } from "../../../../src/webview/parts/arrow-keys.ts";
import { sessionActions } from "../../../../src/webview/sections/sessions/session-actions.ts";
import { oldestLive, sessionLists } from "../../../../src/webview/sections/sessions/session-lists.ts";
import { sessionPlace } from "../../../../src/webview/sections/sessions/session-place.ts";
import { aProject, aReason, aRequest, aSession, aWorktree } from "../../../support/entities.ts";
import { modelOf } from "../../../support/trees.ts";

const known = (...sessions: readonly Session[]) => modelOf(aProject(), aWorktree(), ...sessions);

describe("the sessions on the dashboard", () => {
  const works = aSession({ id: "works" });
  const waits = aSession({ id: "waits", state: "WAITING_USER", request: aRequest({ title: "Bash: rm -r build" }) });
  const early = aSession({ id: "early", state: "DONE", endedAt: 2_000 });
  const late = aSession({ id: "late", state: "DONE", endedAt: 3_000, title: "Write the docs" });
  const away = aSession({ id: "away", state: "DONE", endedAt: 4_000, archivedAt: 5_000 });
  const model = known(works, waits, early, late, away);

  it("are in the tree's order, those that have ended apart and those put away left out", () => {
    assert.deepEqual(sessionLists(model, ""), { live: ["waits", "works"], ended: ["late", "early"], total: 4 });
  });

  it("are those that are searched for", () => {
    assert.deepEqual(sessionLists(model, "docs"), { live: [], ended: ["late"], total: 4 });
  });

  for (const [search, where] of [
    ["rm build", "what is asked"],
    ["waiting", "the state"],
    ["shop", "the project"],
  ] as const) {
    it(`are found by ${where}`, () => assert.ok(sessionLists(model, search).live.includes("waits")));
  }
});

describe("the session that is at work for the longest", () => {
  it("is none that has ended", () => {
    const ended = aSession({ id: "ended", createdAt: 1_000, state: "DONE", endedAt: 2_000 });
    assert.equal(
      oldestLive(known(ended, aSession({ createdAt: 4_000 }), aSession({ id: "b", createdAt: 3_000 }))),
      3_000,
    );
  });

  it("is none where nothing runs", () => assert.equal(oldestLive(emptyModel), null));
});

describe("where a session works", () => {
  it("is its agent, its project and its branch", () => {
    const session = aSession({ worktreeId: "worktree1" });
    assert.equal(sessionPlace(known(session), session), "claude · shop · feature-payment");
  });

  it("leaves out what nobody knows", () => {
    const session = aSession({ projectId: "gone", worktreeId: "gone" });
    assert.equal(sessionPlace(known(session), session), "claude");
  });
});

describe("what a session's row offers", () => {
  const offered = (fields: Partial<Session>) => sessionActions(aSession(fields)).map(({ command }) => command);

  for (const [what, fields, commands] of [
    ["one that works", {}, ["showTerminal", "endSession"]],
    ["one that a limit stopped", { state: "PAUSED", pid: 1 }, ["resumeNow", "showTerminal", "endSession"]],
    ["one that a limit holds", { state: "PAUSED" }, ["startNow", "showTerminal", "endSession"]],
    [
      "one that has ended",
      { state: "DONE", endedAt: 2_000, conversationId: "c" },
      ["resumeSession", "showTerminal", "archiveSession"],
    ],
    ["one that can not be resumed", { state: "DONE", endedAt: 2_000 }, ["showTerminal", "archiveSession"]],
    ["one in a terminal that is not ours", { mode: "external" }, ["endSession"]],
    ["one that nobody knows what it does", { reason: aReason({ isUnknown: true }) }, ["showTerminal", "endSession"]],
  ] as const) {
    it(`is, of ${what}, ${commands.join(", ")}`, () => assert.deepEqual(offered(fields), commands));
  }
});

describe("the arrow keys on the rows", () => {
  for (const [key, place, to] of [
    ["ArrowDown", 0, 1],
    ["ArrowUp", 2, 1],
    ["Home", 2, 0],
    ["End", 0, 2],
    ["ArrowDown", 2, null],
    ["ArrowUp", 0, null],
    ["a", 1, null],
  ] as const) {
    it(`${key} goes from ${place} to ${to ?? "nowhere"} of 3`, () => assert.equal(placeAfter(key, place, 3), to));
  }
});
