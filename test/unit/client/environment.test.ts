import assert from "node:assert/strict";
import { agentEnvironment, detachedEnvironment } from "../../../src/client/environment.ts";

const caller = {
  PATH: "/bin",
  NODE_OPTIONS: "--inspect",
  ELECTRON_RUN_AS_NODE: "1",
  VSCODE_IPC_HOOK_CLI: "/run/x.sock",
  VSCODE_GIT_ASKPASS_MAIN: "/ext/git/askpass-main.js",
  GIT_ASKPASS: "/ext/git/askpass.sh",
  UNSET: undefined,
};

describe("environments", () => {
  it("an agent's is its caller's without what belongs to the editor's processes", () => {
    assert.deepEqual(agentEnvironment(caller), { PATH: "/bin", NODE_OPTIONS: "--inspect" });
  });

  it("a person's own askpass stays", () => {
    assert.deepEqual(agentEnvironment({ GIT_ASKPASS: "/usr/bin/mine" }), { GIT_ASKPASS: "/usr/bin/mine" });
  });

  it("a detached process also loses NODE_OPTIONS", () => {
    assert.deepEqual(detachedEnvironment(caller), { PATH: "/bin" });
  });
});
