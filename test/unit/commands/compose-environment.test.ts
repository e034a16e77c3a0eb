import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { composeEnvironment, type EnvironmentParts } from "../../../src/commands/compose-environment.ts";

describe("the environment of a session that the editor starts", () => {
  it("is the extension host's, without what belongs to the editor's own processes", () => {
    const env = composed({ caller: { PATH: "/bin", ELECTRON_RUN_AS_NODE: "1", VSCODE_IPC_HOOK: "x" } });
    assert.equal(env["PATH"], "/bin");
    assert.deepEqual(
      Object.keys(env).filter((name) => /^(ELECTRON|VSCODE)_/.test(name)),
      [],
    );
  });

  it("says what kind of terminal it is", () => {
    assert.equal(composed({ caller: { TERM: "dumb" } })["TERM"], "xterm-256color");
    assert.equal(composed()["TERM_PROGRAM"], "vscode");
    assert.equal(composed()["TERM_PROGRAM_VERSION"], "1.105.0");
  });

  it("has what the setting adds, and not what it removes", () => {
    const env = composed({ caller: { OLD: "1" }, configured: { NEW: "2", OLD: null, TERM_PROGRAM: null } });
    assert.deepEqual([env["NEW"], env["OLD"], env["TERM_PROGRAM"]], ["2", undefined, undefined]);
  });

  it("resolves the variables that the setting may use", () => {
    const configured = {
      PATH: "${env:PATH}:${userHome}/bin",
      ROOT: "${workspaceFolder}",
      GONE: "[${env:NOT_SET}]",
      KEPT: "${input:other}",
    };
    const env = composed({ caller: { PATH: "/bin" }, configured });
    assert.deepEqual(
      [env["PATH"], env["ROOT"], env["GONE"], env["KEPT"]],
      ["/bin:/home/me/bin", "/work/shop", "[]", "${input:other}"],
    );
  });
});

function composed(parts: Partial<EnvironmentParts> = {}): Record<string, string> {
  return composeEnvironment({
    caller: {},
    configured: {},
    places: { userHome: "/home/me", workspaceFolder: "/work/shop" },
    editorVersion: "1.105.0",
    ...parts,
  });
}
