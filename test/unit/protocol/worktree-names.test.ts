import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import fc from "fast-check";
import {
  folderOfWorktree,
  problemOfWorktreeName,
  problemOfWorktreeTemplate,
} from "../../../src/protocol/worktree-names.ts";

describe("the name of a worktree", () => {
  for (const name of [
    "feature-payment",
    "feature/payment",
    "fix_42",
    "Größe",
    "支付",
    "v1.2",
    "a.b/c",
    "con-1",
    "console",
    "🚀",
  ]) {
    it(`may be ${name}`, () => assert.equal(problemOfWorktreeName(name), null));
  }

  const problems: readonly (readonly [string, RegExp])[] = [
    ["", /needs a name/],
    ["../x", /leads out/],
    ["a/../b", /leads out/],
    ["..", /leads out/],
    ["..\\x", /leads out/],
    ["/tmp/x", /absolute path/],
    ["C:\\x", /absolute path/],
    ["C:/x", /absolute path/],
    ["\\\\server\\x", /absolute path/],
    ["~/x", /absolute path/],
    ["-x", /begins with -/],
    ["a..b", /two dots/],
    ["con", /device on Windows/],
    ["NUL.txt", /device on Windows/],
    ["a/aux", /device on Windows/],
    ["Com1", /device on Windows/],
    ["lpt¹", /device on Windows/],
    ["a b", /space/],
    [" a", /space/],
    ["a\tb", /space/],
    ["a\u00A0b", /space/],
    ["a\u0007b", /cannot be seen/],
    ["a\u202Eb", /cannot be seen/],
    ["a\u200Bb", /cannot be seen/],
    ["a\uD800", /cannot be seen/],
    ...Array.from('~^:?*[\\"<>|', (character) => character).map(
      (character) => [`a${character}b`, /cannot have/] as const,
    ),
    ["HEAD", /keeps the name HEAD/],
    ["@", /keeps the name @/],
    ["a@{1}", /@\{/],
    ["a//b", /two slashes/],
    ["a/", /ends with a slash/],
    [".hidden", /begins with a dot/],
    ["a/.b", /begins with a dot/],
    ["a.", /ends with a dot/],
    ["a./b", /ends with a dot/],
    ["a.lock", /\.lock/],
    ["a.lock/b", /\.lock/],
    ["0123456789abcdef0123456789abcdef01234567", /id of a commit/],
    ["é".repeat(101), /202 bytes/],
  ];
  for (const [name, problem] of problems) {
    it(`may not be ${JSON.stringify(name.slice(0, 45))}: ${problem.source}`, () =>
      assert.match(problemOfWorktreeName(name) ?? "", problem));
  }

  it("is told what is wrong without what does not show", () => {
    const problem = problemOfWorktreeName("a\u202Eb\nc") ?? "";
    assert.match(problem, /a<U\+202E>b<U\+000A>c/);
  });

  it("is one that git takes for a branch, whenever it is accepted", () => {
    const part = fc.stringMatching(/^[a-c.@{}~^:?*\\[ /\u00e9\u4e00-]{1,6}$/u);
    const piece = fc.oneof(
      part,
      fc.string({ unit: "binary", maxLength: 6 }),
      fc.constantFrom("HEAD", ".lock", "@{-1}", ".."),
    );
    const name = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(name, (each) => {
        fc.pre(problemOfWorktreeName(each) === null);
        const said = execFileSync("git", ["check-ref-format", "--branch", each], { encoding: "utf8" });
        assert.equal(said, `${each}\n`);
      }),
      { numRuns: 150, maxSkipsPerRun: 1_000 },
    );
  });
});

describe("the folder of a worktree", () => {
  const place = { parent: "/home/me", repository: "shop", name: "feature-payment" };
  const usual = "{parent}/{repository}-{name}";

  it("is beside the repository", () => {
    assert.equal(folderOfWorktree(usual, place), resolve("/home/me/shop-feature-payment"));
  });

  it("has - for the slashes of the name", () => {
    assert.equal(folderOfWorktree(usual, { ...place, name: "feature/a/b" }), resolve("/home/me/shop-feature-a-b"));
  });

  it("is relative to where the main checkout is", () => {
    assert.equal(folderOfWorktree("trees/./x/../{name}", place), resolve("/home/me/trees/feature-payment"));
    assert.equal(folderOfWorktree("../{name}", place), resolve("/home/feature-payment"));
  });

  it("is absolute where the template is, or begins at home", () => {
    assert.equal(folderOfWorktree("/srv/{repository}/{name}", place), resolve("/srv/shop/feature-payment"));
    assert.equal(
      folderOfWorktree("~/trees/{name}", { ...place, home: "/home/you" }),
      join("/home/you/trees/feature-payment"),
    );
  });

  it("takes what it is given literally", () => {
    const odd = { parent: "/home/m e/$&", repository: "{name} übung $1", name: "{repository}" };
    assert.equal(folderOfWorktree(usual, odd), resolve("/home/m e/$&/{name} übung $1-{repository}"));
  });

  for (const template of [usual, "{name}", "trees/{name}", "~/trees/{repository}/{name}", "{parent}/.trees/{name}"]) {
    it(`can be ${template}`, () => assert.equal(problemOfWorktreeTemplate(template), null));
  }

  const problems: readonly (readonly [string, RegExp])[] = [
    ["{parent}/trees", /needs \{name\}/],
    ["{parent}/{branch}-{name}", /\{branch\}/],
    ["trees/{parent}/{name}", /at the beginning/],
    ["/{parent}/{name}", /at the beginning/],
    ["a\0{name}", /no path can have/],
  ];
  for (const [template, problem] of problems) {
    it(`can not be ${JSON.stringify(template)}`, () =>
      assert.match(problemOfWorktreeTemplate(template) ?? "", problem));
  }
});
