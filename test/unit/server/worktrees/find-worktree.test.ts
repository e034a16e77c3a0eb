import assert from "node:assert/strict";
import type { TallyError } from "../../../../src/protocol/errors.ts";
import { findWorktree } from "../../../../src/server/worktrees/find-worktree.ts";
import { aWorktree } from "../../../support/entities.ts";

const here = aWorktree({ id: "w1", projectId: "p1", name: "cart", path: "/a/shop-cart", branch: "cart" });
const there = aWorktree({ id: "w2", projectId: "p2", name: "cart", path: "/b/blog-cart", branch: "cart" });
const renamed = aWorktree({ id: "w3", projectId: "p1", name: "till", path: "/a/shop-till", branch: "checkout" });
const find = (ref: string, project: string | null) => findWorktree([here, there, renamed], ref, project).id;

describe("the worktree that a person means", () => {
  it("is found by its id, its path with or without a slash, its name and its branch", () => {
    assert.equal(find("w2", null), "w2");
    assert.equal(find("/a/shop-till", null), "w3");
    assert.equal(find("/a/shop-till/", null), "w3");
    assert.equal(find("till", null), "w3");
    assert.equal(find("checkout", null), "w3");
  });

  it("is the one of their own project where several have the name", () => {
    assert.equal(find("cart", "p1"), "w1");
    assert.equal(find("cart", "p2"), "w2");
  });

  it("is ambiguous outside of them all", () => {
    assert.throws(
      () => find("cart", null),
      (error: TallyError) => error.code === "worktree-ambiguous",
    );
  });

  it("is not found when there is none", () => {
    assert.throws(
      () => find("basket", "p1"),
      (error: TallyError) => error.code === "worktree-not-found",
    );
  });
});
