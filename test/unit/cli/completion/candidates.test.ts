import assert from "node:assert/strict";
import { type Candidate, candidatesFor, type Known } from "../../../../src/cli/completion/candidates.ts";
import { expectedAt } from "../../../../src/cli/completion/expected.ts";
import { aProcess, aProject, aSession, aTask, aWorktree } from "../../../support/entities.ts";

const nothingKnown: Known = { snapshot: null, personas: [], removed: [], cwd: "/" };

const snapshot: NonNullable<Known["snapshot"]> = {
  storeId: "s",
  seq: 1,
  projects: [aProject()],
  worktrees: [
    aWorktree({ id: "w1", name: "fix-12", path: "/home/me/fix-12", status: "ready" }),
    aWorktree({ id: "w2", name: "elsewhere", path: "/srv/elsewhere", projectId: "project2", status: "ready" }),
    aWorktree({ id: "w3", name: "only-seen", path: "/home/me/seen", status: "seen" }),
  ],
  processes: [],
  sessions: [
    aSession({ id: "runs", title: "Fix\nthe cart" }),
    aSession({ id: "waits", state: "WAITING_USER" }),
    aSession({ id: "over", state: "DONE", endedAt: 2_000 }),
    aSession({ id: "away", state: "DONE", endedAt: 2_000, archivedAt: 3_000 }),
  ],
  tasks: [aTask({ id: "demo-1763000000000-abcdefghi", kind: "run", title: "Release notes" }), aTask({ kind: "root" })],
  accounts: [],
  pauses: [],
};

const at = (words: readonly string[], known: Partial<Known> = {}): Candidate[] =>
  candidatesFor(expectedAt(words), { ...nothingKnown, snapshot, cwd: "/home/me/shop", ...known });
const values = (candidates: readonly Candidate[]) => candidates.map(({ value }) => value);

describe("completion candidates", () => {
  it("are the sessions that the command can do something with, those that wait first", () => {
    assert.deepEqual(values(at(["logs", ""])), ["waits", "runs", "over"]);
    assert.deepEqual(values(at(["attach", ""])), ["waits", "runs"]);
    assert.deepEqual(values(at(["answer", ""])), ["waits"]);
    assert.deepEqual(values(at(["unarchive", ""])), ["away"]);
  });

  it("say on one line what an id stands for", () => {
    assert.equal(at(["attach", ""])[1]?.about, "running: Fix the cart");
  });

  it("are the worktrees of the project here, and elsewhere all of them", () => {
    assert.deepEqual(values(at(["path", ""])), ["fix-12"]);
    assert.deepEqual(values(at(["path", ""], { cwd: "/tmp" })), ["fix-12", "elsewhere"]);
  });

  it("are the processes of the worktree that is named, and for a dot of the one here", () => {
    const processes = [aProcess({ id: "p1", worktreeId: "w1", name: "web" })];
    const processesAt = (ref: string, cwd: string) =>
      values(at(["process", "stop", ref, ""], { snapshot: { ...snapshot, processes }, cwd }));
    assert.deepEqual(processesAt("fix-12", "/tmp"), ["web"]);
    assert.deepEqual(processesAt(".", "/home/me/fix-12/src"), ["web"]);
    assert.deepEqual(processesAt(".", "/home/me/fix-123"), []);
  });

  it("are tasks by the ids that are listed", () => assert.deepEqual(values(at(["task", "cancel", ""])), ["abcdefghi"]));

  it("carry what is typed of a list or of an option", () => {
    assert.deepEqual(
      values(at(["run", "--type="])),
      ["code", "git", "file", "command"].map((type) => `--type=${type}`),
    );
  });

  it("leave out a name that no line can hold", () => {
    const personas = [
      { value: "a\nb", about: "" },
      { value: "work", about: "" },
    ];
    assert.deepEqual(values(at(["--persona", ""], { personas })), ["work"]);
  });

  it("are nothing of the gateway's where it does not answer", () => {
    assert.deepEqual(at(["attach", ""], { snapshot: null }), []);
  });
});
