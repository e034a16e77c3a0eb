import assert from "node:assert/strict";
import { TallyError } from "../../../src/protocol/errors.ts";
import { findSession } from "../../../src/server/sessions/find-session.ts";
import { aSession, aWorktree } from "../../support/entities.ts";

const worktree = aWorktree({ id: "w1", name: "cart-fix" });
const sessions = [
  aSession({ id: "abc2", rootTaskId: "claude-1-aaaaaaaaa" }),
  aSession({ id: "abd3", rootTaskId: "claude-2-bbbbbbbbb", worktreeId: "w1" }),
  aSession({ id: "xyz4", rootTaskId: "claude-3-ccccccccc", worktreeId: "w1", endedAt: 9 }),
];
const find = (ref: string) => findSession(sessions, [worktree], ref).id;

describe("the session that a person means", () => {
  it("is found by its id, a unique prefix, and its root task's id", () => {
    assert.equal(find("abc2"), "abc2");
    assert.equal(find("abc"), "abc2");
    assert.equal(find("claude-3-ccccccccc"), "xyz4");
  });

  it("is the living one of a worktree that is named", () => {
    assert.equal(find("cart-fix"), "abd3");
  });

  it("is ambiguous when a prefix fits several, which are listed", () => {
    assert.throws(
      () => find("ab"),
      (error) =>
        error instanceof TallyError &&
        error.code === "session-ambiguous" &&
        (error.details as { candidates: { id: string }[] }).candidates.map(({ id }) => id).join() === "abc2,abd3",
    );
  });

  it("is not found by what fits none", () => {
    assert.throws(() => find("nope"), { code: "session-not-found" });
  });
});
