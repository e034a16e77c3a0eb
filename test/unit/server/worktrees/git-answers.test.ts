import assert from "node:assert/strict";
import { checkoutProgress } from "../../../../src/server/worktrees/checkout.ts";
import { parseCheckouts } from "../../../../src/server/worktrees/checkouts.ts";
import { parseRefs } from "../../../../src/server/worktrees/refs.ts";
import { parseStatus } from "../../../../src/server/worktrees/standing.ts";

const commit = "a".repeat(40);

describe("what git answers", () => {
  it("status: counts every file once, a renamed one too", () => {
    const items = [
      `# branch.oid ${commit}`,
      "# branch.head feature/x",
      "# branch.upstream origin/feature/x",
      "# branch.ab +2 -13",
      `1 .M N... 100644 100644 100644 ${commit} ${commit} # not a header`,
      `2 R. N... 100644 100644 100644 ${commit} ${commit} R100 new name`,
      "# old name",
      `u UU N... 100644 100644 100644 100644 ${commit} ${commit} ${commit} both`,
      "? untracked\nwith a newline",
    ];
    assert.deepEqual(parseStatus(items), {
      branch: "feature/x",
      head: commit,
      upstream: "origin/feature/x",
      counts: { ahead: 2, behind: 13 },
      dirty: 4,
    });
  });

  it("status: before the first commit, detached, with an upstream that is gone", () => {
    const nothing = { branch: null, head: null, upstream: null, counts: null, dirty: 0 };
    assert.deepEqual(parseStatus([]), nothing);
    assert.deepEqual(parseStatus(["# branch.oid (initial)", "# branch.head main"]), { ...nothing, branch: "main" });
    assert.deepEqual(parseStatus([`# branch.oid ${commit}`, "# branch.head (detached)"]), { ...nothing, head: commit });
    assert.deepEqual(parseStatus(["# branch.head a", "# branch.upstream origin/a"]), {
      ...nothing,
      branch: "a",
      upstream: "origin/a",
    });
  });

  it("worktrees: bare, detached, locked, before the first commit", () => {
    const blocks = [
      ["worktree /bare", "bare"],
      ["worktree /with\nnewline ", `HEAD ${commit}`, "detached", "locked because\nof this"],
      ["worktree /unborn", `HEAD ${"0".repeat(40)}`, "branch refs/heads/feature/x"],
    ];
    const plain = { branch: null, head: null, isBare: false, isDetached: false, isLocked: false };
    assert.deepEqual(parseCheckouts(`${blocks.map((block) => block.join("\0")).join("\0\0")}\0\0`, "\0"), [
      { ...plain, path: "/bare", isBare: true },
      { ...plain, path: "/with\nnewline ", head: commit, isDetached: true, isLocked: true },
      { ...plain, path: "/unborn", branch: "feature/x" },
    ]);
  });

  it("refs: remotes whose names have a slash, the default branch of origin, leftovers of a remote that is gone", () => {
    const line = (name: string, symref = "") => [name, commit, "7", symref].join("\0");
    const lines = [
      line("refs/heads/a/b"),
      line("refs/remotes/team/fork/a/b"),
      line("refs/remotes/team/c"),
      line("refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"),
      line("refs/remotes/origin/trunk"),
      line("refs/remotes/gone/a"),
    ];
    const refs = parseRefs(lines, ["origin", "team", "team/fork"]);
    assert.equal(refs.originHead, "trunk");
    assert.deepEqual(
      refs.branches.map(({ name, remote, branch }) => [name, remote, branch]),
      [
        ["a/b", null, "a/b"],
        ["team/fork/a/b", "team/fork", "a/b"],
        ["team/c", "team", "c"],
        ["origin/trunk", "origin", "trunk"],
      ],
    );
    assert.equal(refs.branches[0]?.committedAt, 7_000);
  });

  it("progress: how many files are written", () => {
    assert.equal(checkoutProgress("Updating files:   6% (1204/20000)"), "1,204 of 20,000 files");
    assert.equal(checkoutProgress("Updating files: 100% (7/7), done."), "7 of 7 files");
    assert.equal(checkoutProgress("Filtering content:  50% (1/2)"), null);
  });
});
