import assert from "node:assert/strict";
import { completionScripts, shells } from "../../../../src/cli/completion/scripts.ts";

describe("the completion script", () => {
  for (const shell of shells) {
    const script = completionScripts[shell];

    it(`of ${shell} asks the command each time, and says nothing of what goes wrong`, () => {
      assert.match(script, new RegExp(`command tally __complete ${shell} .*2>/dev/null`));
    });

    it(`of ${shell} evaluates nothing`, () => assert.doesNotMatch(script, /\beval\b|\bsource\b/));
  }

  it("of bash and of zsh takes a line apart nowhere but at its end", () => {
    for (const shell of ["bash", "zsh"] as const) assert.doesNotMatch(completionScripts[shell], /=\(\$\(/);
  });
});
