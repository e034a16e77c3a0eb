import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { worktreeEnvironment } from "../../../src/views/worktree-environment.ts";
import { aProject, aWorktree } from "../../support/entities.ts";

describe("the environment of a terminal in a worktree", () => {
  it("says which worktree it is, where the main checkout is, and its ports", () => {
    const worktree = aWorktree({ ports: [{ name: "db-admin", port: 9001 }] });
    assert.deepEqual(worktreeEnvironment(worktree, aProject()), {
      TALLY_WORKTREE: "feature-payment",
      TALLY_WORKTREE_PATH: "/home/me/shop-feature-payment",
      TALLY_MAIN_PATH: "/home/me/shop",
      TALLY_PORT_DB_ADMIN: "9001",
    });
  });
});
