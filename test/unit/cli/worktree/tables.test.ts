import assert from "node:assert/strict";
import { olderThan, sweepQuestion } from "../../../../src/cli/commands/prune.ts";
import { plain } from "../../../../src/cli/screen/style.ts";
import { formatCommands } from "../../../../src/cli/worktree/commands-text.ts";
import { formatCandidates } from "../../../../src/cli/worktree/prune-table.ts";
import { fullRef, shortRef } from "../../../../src/cli/worktree/snapshot-ref.ts";
import { formatSnapshots } from "../../../../src/cli/worktree/snapshot-table.ts";
import { describeWorktrees, countProcesses, countWorktrees } from "../../../../src/cli/worktree/worktree-counts.ts";
import { formatWorktree } from "../../../../src/cli/worktree/worktree-facts.ts";
import type { PruneCandidate, RepositoryCommands } from "../../../../src/protocol/worktree-routes.ts";
import type { SnapshotInfo } from "../../../../src/protocol/worktrees.ts";
import { anOperation, aProcess, aProject, aSession, aWorktree } from "../../../support/entities.ts";

const DAY_MS = 86_400_000;
const surface = { style: plain, width: null, nowMs: 10 * DAY_MS };

const candidate = (name: string, fields: Partial<PruneCandidate> = {}): PruneCandidate => ({
  worktree: aWorktree({ id: name, name }),
  sizeBytes: 1_000,
  changedAt: 8 * DAY_MS,
  isMerged: true,
  hasLiveSessions: false,
  isMissing: false,
  isSafe: true,
  why: "Its work is in main.",
  ...fields,
});

const snapshot = (fields: Partial<SnapshotInfo> = {}): SnapshotInfo => ({
  ref: "refs/tally/snapshots/pay/20261101-100000",
  name: "pay",
  branch: "pay",
  head: "abc",
  path: "/w",
  takenAt: 7 * DAY_MS,
  files: 1_204,
  bytes: 5_600_000,
  leftOut: [],
  ...fields,
});

describe("what can be swept", () => {
  it("is listed with its reason, what is safe before what is not, the largest first", () => {
    const lines = formatCandidates(
      [
        candidate("busy", { isSafe: false, isMerged: false, why: "A session runs in it." }),
        candidate("small"),
        candidate("large", { sizeBytes: 2_000_000 }),
        candidate("missing", { isMissing: true, sizeBytes: 0 }),
      ],
      surface,
    );
    assert.deepEqual(lines, [
      "   NAME     SIZE    AGE  MERGED  WHY",
      "✓  large    2.0 MB  2d   yes     Its work is in main.",
      "✓  small    1.0 kB  2d   yes     Its work is in main.",
      "✓  missing  gone    2d   yes     Its work is in main.",
      "–  busy     1.0 kB  2d   no      A session runs in it.",
    ]);
  });

  it("says its reason whole in a narrow terminal", () => {
    const busy = candidate("busy", { isSafe: false, why: "A session runs in it. End it with: tally end abc" });
    assert.deepEqual(formatCandidates([busy], { ...surface, width: 60 }).slice(1), [
      "–  busy  1.0 kB  2d   yes     A session runs in it. End it",
      "                              with: tally end abc",
    ]);
  });

  it("is asked for with how many they are and what that frees", () => {
    assert.match(sweepQuestion([candidate("a"), candidate("b")]), /^Remove 2 worktrees marked ✓, 2\.0 kB\?/);
  });
});

describe("the snapshots", () => {
  it("are listed with what is in them", () => {
    assert.deepEqual(formatSnapshots([snapshot(), snapshot({ branch: null })], surface), [
      "NAME  BRANCH    AGE  FILES  SIZE    REF",
      "pay   pay       3d   1,204  5.6 MB  pay/20261101-100000",
      "pay   detached  3d   1,204  5.6 MB  pay/20261101-100000",
    ]);
  });

  it("keep in a narrow terminal what has to be typed", () => {
    const shown = (width: number) => formatSnapshots([snapshot({ branch: "pay-2" })], { ...surface, width });
    assert.deepEqual(shown(40), ["NAME  BRANCH  AGE  REF", "pay   pay-2   3d   pay/20261101-100000"]);
    assert.deepEqual(shown(10), ["REF", "pay/20261101-100000"]);
  });

  it("are named by a ref without what all refs begin with", () => {
    const { ref } = snapshot();
    assert.deepEqual([shortRef(ref), fullRef(shortRef(ref)), fullRef(ref)], ["pay/20261101-100000", ref, ref]);
    assert.equal(fullRef("pay/20261101-100000-2"), `${ref}-2`);
    assert.deepEqual(["pay", "fix/12"].map(fullRef), ["pay", "fix/12"]);
  });

  it("are old when they were taken before", () => {
    assert.equal(olderThan(2 * DAY_MS, [snapshot()], surface.nowMs).length, 1);
    assert.equal(olderThan(3 * DAY_MS, [snapshot()], surface.nowMs).length, 0);
  });
});

describe("what a repository's tally.json would run", () => {
  const commands: RepositoryCommands = {
    path: "/shop/tally.json",
    agent: "opencode",
    prelude: "workon shop &&",
    setup: [{ run: "npm ci", cwd: "frontend" }],
    teardown: [{ run: "dropdb shop", cwd: "" }],
    processes: [{ name: "backend", run: "python manage.py runserver", cwd: "backend", env: { DEBUG: "1" } }],
    hash: "h",
    isApproved: false,
  };

  it("is shown whole", () => {
    assert.deepEqual(formatCommands(commands, { style: plain, width: null }), [
      "This repository's tally.json wants to run in its worktrees:",
      "│ before each      workon shop &&",
      "│ setup            npm ci",
      "│                  in frontend/",
      "│ process backend  python manage.py runserver",
      "│                  in backend/",
      "│                  with DEBUG=1",
      "│ agent            opencode",
      "│ teardown         dropdb shop",
      "from /shop/tally.json",
    ]);
  });

  it("hides nothing that would not be seen", () => {
    const hidden = {
      ...commands,
      agent: null,
      prelude: null,
      setup: [{ run: "echo a\u202e\nrm -rf ~", cwd: "" }],
      processes: [],
    };
    const lines = formatCommands(hidden, { style: plain, width: null });
    assert.deepEqual(lines.slice(1, 3), ["│ setup     echo a<U+202E>", "│           rm -rf ~"]);
  });
});

describe("the counts of worktrees and processes", () => {
  it("say what is broken first, and leave out worktrees that are not Tally's", () => {
    const worktrees = countWorktrees([
      aWorktree(),
      aWorktree({ status: "broken" }),
      aWorktree({ status: "seen" }),
      aWorktree({ status: "adding" }),
    ]);
    const processes = countProcesses([
      aProcess(),
      aProcess({ state: "ERROR" }),
      aProcess({ kind: "setup", state: "ERROR" }),
    ]);
    assert.deepEqual(describeWorktrees({ worktrees, processes }, plain), [
      "worktrees  1 broken, 1 being made, 1 ready",
      "processes  1 failed, 1 running",
    ]);
  });

  it("have no line where there are none", () => {
    assert.deepEqual(describeWorktrees({ worktrees: {}, processes: {} }, plain), []);
  });
});

describe("the details of a worktree", () => {
  it("say where it is, what is shared, and what runs in it", () => {
    const worktree = aWorktree({
      id: "w1",
      path: "/w",
      ports: [{ name: "backend", port: 8000 }],
      shared: ["backend/db.sqlite3"],
      createdAt: 8 * DAY_MS,
    });
    const session = aSession({ id: "s1", stateSince: 9 * DAY_MS });
    const lines = formatWorktree(
      { worktree, project: aProject(), processes: [aProcess()], sessions: [session] },
      surface,
    );
    assert.deepEqual(lines, [
      "worktree  feature-payment",
      "id        w1",
      "status    ready",
      "project   shop",
      "folder    /w",
      "branch    feature-payment, from main",
      "backend   http://localhost:8000",
      "shared    backend/db.sqlite3 (links to the main checkout)",
      "created   2d ago",
      "",
      "PROCESS  STATE",
      "backend  running  http://localhost:8000",
      "",
      "ID  STATE    SINCE  AGENT   TITLE",
      "s1  running  1d     claude  Fix the cart",
    ]);
  });

  it("say of a broken one which step failed, why and what to do", () => {
    const operation = anOperation({
      state: "failed",
      error: { code: "setup-failed", message: "npm ci ended with 1." },
      steps: [{ id: "setup", label: "Set up", state: "failed", detail: null, processId: null }],
    });
    const worktree = aWorktree({ status: "broken", operation });
    const lines = formatWorktree({ worktree, project: aProject(), processes: [], sessions: [] }, surface);
    assert.ok(
      lines.includes("status    broken: making it failed at: Set up · tally repair feature-payment"),
      lines.join("\n"),
    );
    assert.ok(lines.includes("why       npm ci ended with 1."), lines.join("\n"));
    assert.equal(lines.at(-1), "✗ Set up");
  });
});
