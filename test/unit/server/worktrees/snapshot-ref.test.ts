import assert from "node:assert/strict";
import { snapshotRef } from "../../../../src/server/worktrees/snapshot/snapshot-ref.ts";
import { git, tempRepo } from "../../../support/repositories.ts";

describe("the ref of a snapshot", () => {
  const at = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
  const refOf = (name: string) => snapshotRef(name, at, new Set());

  it("says of what and when, in UTC", () => {
    assert.equal(refOf("feature-payment"), "refs/tally/snapshots/feature-payment/20260102-030405");
  });

  it("is another one where that is taken", () => {
    const taken = new Set([refOf("a"), `${refOf("a")}-2`]);
    assert.equal(snapshotRef("a", at, taken), `${refOf("a")}-3`);
  });

  it("is one level deep for a branch with slashes", () => {
    assert.equal(refOf("team/feature"), "refs/tally/snapshots/team-feature/20260102-030405");
  });

  it("is one that git takes, whatever the folder is called", async () => {
    const repo = await tempRepo();
    const names = [
      "a b",
      "a..b",
      "...",
      ".hidden",
      "x.lock",
      "end.",
      "a@{b",
      "@",
      "",
      "q?*[~^:\\",
      "naïve 🦊",
      "-x",
      "tab\t",
      "con",
    ];
    for (const name of names) await git(repo.path, "check-ref-format", refOf(name));
    await repo.dispose();
  });
});
