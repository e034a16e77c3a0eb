import assert from "node:assert/strict";
import {
  filledIn,
  withoutPlace,
  worktreeEnvironment,
} from "../../../src/server/worktrees/processes/worktree-environment.ts";
import { aWorktree } from "../../support/entities.ts";

describe("the environment in a worktree", () => {
  it("tells its ports, its name and the folders", () => {
    const ports = [
      { name: "backend", port: 8000 },
      { name: "mail-ui", port: 9001 },
    ];
    assert.deepEqual(worktreeEnvironment(aWorktree({ ports }), "/home/me/shop"), {
      TALLY_PORT_BACKEND: "8000",
      TALLY_PORT_MAIL_UI: "9001",
      TALLY_WORKTREE: "feature-payment",
      TALLY_WORKTREE_PATH: "/home/me/shop-feature-payment",
      TALLY_MAIN_PATH: "/home/me/shop",
    });
  });

  it("has nothing of the session or worktree that it was inherited from", () => {
    const inherited = {
      PATH: "/bin",
      TALLY_HOME: "/t",
      TALLY_SESSION_ID: "s",
      TALLY_PORT_ADMIN: "1",
      TALLY_WORKTREE: "w",
    };
    assert.deepEqual(withoutPlace(inherited), { PATH: "/bin", TALLY_HOME: "/t" });
  });

  it("fills ports into a command's own variables, and leaves what it does not know", () => {
    const own = {
      API: "http://localhost:${TALLY_PORT_BACKEND}/${TALLY_PORT_NONE}",
      HOME_OF: "${HOME} $TALLY_PORT_BACKEND",
    };
    assert.deepEqual(filledIn(own, { TALLY_PORT_BACKEND: "8000" }), {
      API: "http://localhost:8000/${TALLY_PORT_NONE}",
      HOME_OF: "${HOME} $TALLY_PORT_BACKEND",
    });
  });
});
