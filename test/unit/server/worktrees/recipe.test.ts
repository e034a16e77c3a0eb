import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { readRecipe } from "../../../../src/server/worktrees/recipe.ts";
import { git, tempRepo } from "../../../support/repositories.ts";

describe("the recipe of a repository's worktrees", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;

  beforeEach(async () => {
    repo = await tempRepo("shop");
  });
  afterEach(() => repo.dispose());

  const place = () => ({ mainPath: repo.path, commonDir: join(repo.path, ".git"), isBare: false });
  const write = (text: string) => writeFile(join(repo.path, "tally.json"), text);
  const bare = async () => {
    const path = join(repo.parent, "shop.git");
    await git(repo.parent, "clone", "-q", "--bare", repo.path, path);
    return { mainPath: path, commonDir: path, isBare: true };
  };

  it("is the main checkout's tally.json as it is now, committed or not", async () => {
    await write('{"setup": ["make"]}');
    const { recipe, path, problem } = await readRecipe(place(), null);
    assert.deepEqual([recipe.setup[0]?.run, path, problem], ["make", join(repo.path, "tally.json"), null]);
  });

  it("is empty without the file", async () => {
    const { recipe, problem } = await readRecipe(place(), null);
    assert.deepEqual([recipe.setup, recipe.copy, problem], [[], null, null]);
  });

  it("of a bare repository is that of the commit", async () => {
    await write('{"setup": ["make"]}');
    await git(repo.path, "add", ".");
    await git(repo.path, "commit", "-qm", "Second");
    const there = await bare();
    assert.equal((await readRecipe(there, "main")).recipe.setup[0]?.run, "make");
    assert.deepEqual((await readRecipe(there, "main~1")).recipe.setup, []);
  });

  for (const [what, make, says] of [
    ["is wrong", () => write('{"setup": 3}'), /setup: Write a list of commands\. It is in .*shop\.$/],
    ["is a folder", () => mkdir(join(repo.path, "tally.json")), /tally\.json is not a file\. Replace it/],
    ["is huge", () => write(`{"name": "${"x".repeat(70_000)}"}`), /tally\.json is larger than 64 kB\. Shorten it/],
  ] as const) {
    it(`comes with what is wrong when the file ${what}`, async () => {
      await make();
      const { recipe, problem } = await readRecipe(place(), null);
      assert.match(problem ?? "", says);
      assert.deepEqual(recipe.setup, []);
    });
  }
});
