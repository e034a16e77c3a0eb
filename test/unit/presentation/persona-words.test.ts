import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { personaDescription, personaText } from "../../../src/presentation/persona-words.ts";

const persona = { name: "review", agent: "claude", args: ["--model", "two words"], env: { A: "1", B: "x\ny" } };

describe("what a repository's persona asks for", () => {
  it("is all of what it runs, with each word told apart", () => {
    const text = personaText({ ...persona, configHome: "~/.claude-review" }, "/home/me/shop");
    for (const line of [
      'Command: claude --model "two words"',
      "Settings and login from: ~/.claude-review",
      "  A=1",
      '  B="x\\\\ny"',
      "/home/me/shop",
    ]) {
      assert.ok(text.includes(line), `${line} is missing in:\n${text}`);
    }
  });

  it("hides nothing", () => {
    assert.match(personaText({ ...persona, args: ["a\u202eb"] }, "/"), /<U\+202E>/);
  });
});

describe("a persona in a list", () => {
  it("says where it is from, and that it needs to be approved", () => {
    const repository = { ...persona, from: "repository", isApproved: false, hash: "h" } as const;
    assert.equal(personaDescription(repository), "claude · from this repository · asks for your approval first");
    const own = { ...persona, from: "settings", isApproved: true, hash: "h" } as const;
    assert.equal(personaDescription(own), "claude · from your settings");
  });
});
