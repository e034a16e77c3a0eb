import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deleteBranch, isMerged, listBranches, mergedInto } from "../../../src/server/worktrees/branches.ts";
import { add, commonDirOf } from "../../support/checkouts.ts";
import { bareRepo, git, tempRepo } from "../../support/repositories.ts";

describe("the branches of a repository", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  let commonDir: string;
  beforeEach(async () => {
    repo = await tempRepo();
    commonDir = await commonDirOf(repo.path);
  });
  afterEach(() => repo.dispose());

  const commitFile = async (name: string, text: string) => {
    await writeFile(join(repo.path, name), text);
    await git(repo.path, "add", ".");
    await git(repo.path, "commit", "-qm", `Write ${name}`);
  };

  it("are listed with where they are checked out, those of remotes that are not here too", async () => {
    const remote = await tempRepo("remote");
    await git(remote.path, "branch", "theirs");
    await git(repo.path, "remote", "add", "origin", remote.path);
    await git(repo.path, "fetch", "-q", "origin");
    await git(repo.path, "remote", "set-head", "origin", "main");
    const { path } = await add(repo.path, "feature/x", { from: "main" });
    const { branches, defaultBranch } = await listBranches(commonDir);
    assert.equal(defaultBranch, "main");
    assert.deepEqual(
      branches
        .map(({ name, remote, checkedOutAt }) => ({ name, remote, checkedOutAt }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      [
        { name: "feature/x", remote: null, checkedOutAt: path },
        { name: "main", remote: null, checkedOutAt: repo.path },
        { name: "theirs", remote: "origin", checkedOutAt: null },
      ],
    );
    assert.ok(branches.every(({ committedAt }) => committedAt > 1e12));
    await remote.dispose();
  });

  it("are listed of a bare repository, where none is checked out", async () => {
    const bare = await bareRepo();
    const { branches, defaultBranch } = await listBranches(bare.path);
    assert.equal(defaultBranch, "main");
    assert.deepEqual(
      branches.map(({ checkedOutAt }) => checkedOutAt),
      [null],
    );
    await bare.dispose();
  });

  it("are deleted only where they are expected to be, with their configuration", async () => {
    await git(repo.path, "branch", "feature");
    await git(repo.path, "config", "branch.feature.description", "Mine");
    const at = await git(repo.path, "rev-parse", "feature");
    assert.equal(await deleteBranch({ commonDir, branch: "feature", at: "1".repeat(40) }), false);
    assert.equal(await deleteBranch({ commonDir, branch: "main", at }), false);
    assert.equal(await deleteBranch({ commonDir, branch: "feature", at }), true);
    assert.equal(await deleteBranch({ commonDir, branch: "feature", at }), false);
    assert.equal(await git(repo.path, "branch", "--format=%(refname:short)"), "main");
    assert.doesNotMatch(await readFile(join(commonDir, "config"), "utf8"), /feature/);
  });

  it("are merged when all their commits are", async () => {
    await git(repo.path, "switch", "-qc", "feature");
    await commitFile("a", "1\n");
    assert.equal(await isMerged({ commonDir, branch: "feature", into: "main" }), false);
    assert.equal(await mergedInto({ commonDir, branch: "feature", into: ["main", "gone"] }), null);
    await git(repo.path, "switch", "-q", "main");
    await git(repo.path, "merge", "-q", "--no-ff", "feature", "-m", "Merge");
    assert.equal(await isMerged({ commonDir, branch: "feature", into: "main" }), true);
    assert.deepEqual(await mergedInto({ commonDir, branch: "feature", into: ["gone", "main"] }), {
      into: "main",
      what: "commits",
    });
  });

  it("are known to be squashed, also when the other side went on", async () => {
    await git(repo.path, "switch", "-qc", "feature");
    await commitFile("a", "1\n");
    await commitFile("a", "2\n");
    await git(repo.path, "switch", "-q", "main");
    await git(repo.path, "merge", "-q", "--squash", "feature");
    await git(repo.path, "commit", "-qm", "Squashed");
    await commitFile("b", "1\n");
    assert.equal(await isMerged({ commonDir, branch: "feature", into: "main" }), false);
    assert.deepEqual(await mergedInto({ commonDir, branch: "feature", into: ["main"] }), {
      into: "main",
      what: "changes",
    });
  });

  it("are not called merged where their change was taken back, or conflicts", async () => {
    await git(repo.path, "switch", "-qc", "feature");
    await commitFile("a", "1\n");
    await git(repo.path, "switch", "-q", "main");
    await commitFile("b", "1\n");
    await git(repo.path, "cherry-pick", "feature");
    await git(repo.path, "revert", "--no-edit", "HEAD");
    assert.equal(await mergedInto({ commonDir, branch: "feature", into: ["main"] }), null);
    await commitFile("a", "other\n");
    assert.equal(await mergedInto({ commonDir, branch: "feature", into: ["main"] }), null);
  });
});
