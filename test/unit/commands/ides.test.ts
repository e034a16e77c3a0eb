import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { findIde } from "../../../src/commands/ides.ts";

describe("the editor that a project names", () => {
  it("is known by its launcher, its name and its usual short names", () => {
    for (const word of ["code", "VSCode", "Visual Studio Code"])
      assert.equal(findIde(word)?.label, "Visual Studio Code");
    assert.equal(findIde("intellij")?.launchers[0], "idea");
  });

  it("is never a program that only the repository knows", () => {
    for (const word of ["rm", "./run.sh", "/bin/sh", ""]) assert.equal(findIde(word), null);
  });
});
