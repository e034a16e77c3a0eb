import assert from "node:assert/strict";
import fc from "fast-check";
import { excludeLines } from "../../../../src/server/worktrees/exclude.ts";
import { withExcludeBlock } from "../../../../src/server/worktrees/exclude-block.ts";

describe("Tally's block in an exclude file", () => {
  const file = fc.option(
    fc
      .array(fc.constantFrom("# a comment", "*.log", "", "!keep me", "\u00fc", "\n", "\r\n"))
      .map((parts) => parts.join("")),
  );
  const block = fc.array(fc.constantFrom("/.tally-sessions", "/frontend/node_modules", "/a\\ "), { minLength: 1 });

  it("leaves the file as it was when it goes, however often it was changed", () => {
    fc.assert(
      fc.property(file, fc.array(block, { minLength: 1, maxLength: 3 }), (before, blocks) => {
        const during = blocks.reduce(withExcludeBlock, before);
        assert.equal(withExcludeBlock(during, []), before);
      }),
    );
  });

  it("has each line once, as a line of its own", () => {
    fc.assert(
      fc.property(file, block, block, (before, first, second) => {
        const text = withExcludeBlock(withExcludeBlock(before, first), second) ?? "";
        const lines = text.split(/\r?\n/);
        for (const line of second) assert.ok(lines.includes(line));
        assert.equal(withExcludeBlock(text, second), text);
      }),
    );
  });

  it("keeps what somebody added meanwhile, before it and behind it", () => {
    const during = `*.tmp\n${withExcludeBlock("*.log", ["/x"]) ?? ""}*.bak\n`;
    assert.equal(withExcludeBlock(during, []), "*.tmp\n*.log\n*.bak\n");
  });

  it("keeps the line ends of the file", () => {
    const text = withExcludeBlock("*.log\r\n", ["/x"]) ?? "";
    assert.doesNotMatch(text, /[^\r]\n/);
  });

  it("does not take lines with it when its end was removed by hand", () => {
    const during = (withExcludeBlock("*.log\n", ["/x"]) ?? "").replace(/# End.*\n/, "*.mine\n");
    assert.equal(withExcludeBlock(during, []), "*.log\n/x\n*.mine\n");
  });

  it("names the file and each shared path from the root, as they are", () => {
    assert.deepEqual(excludeLines({ shared: ["frontend/node_modules/", "./a b/*[x]? ", "line\nbreak"] }), [
      "/.tally-sessions",
      "/frontend/node_modules",
      "/a b/\\*\\[x]\\?\\ ",
    ]);
  });
});
