import assert from "node:assert/strict";
import { readersOf } from "../../../../src/server/worktrees/snapshot/readers.ts";
import { whatToDo } from "../../../../src/server/worktrees/snapshot/still-written.ts";
import type { Found } from "../../../../src/server/worktrees/snapshot/walk.ts";

const known = { mtimeMs: 0, stamp: "" };
const folder = (path: string, mode: number): Found => ({ type: "folder", path, mode, ...known });
const file = (path: string, mode: number): Found => ({ type: "file", path, mode, size: 0, ...known });

describe("who may read a file of a worktree", () => {
  it("goes by its mode", () => {
    const readers = readersOf([folder("", 0o755), file("open", 0o644), file("team", 0o640), file("own", 0o600)]);
    assert.deepEqual([...readers.values()], [0o044, 0o040, 0]);
  });

  it("goes by the folders that it is in", () => {
    const readers = readersOf([
      folder("", 0o755),
      folder("team", 0o750),
      folder("team/all", 0o777),
      file("team/all/it", 0o666),
    ]);
    assert.deepEqual([...readers.values()], [0o040]);
  });

  it("does not go by whether a folder can be listed", () => {
    assert.deepEqual([...readersOf([folder("", 0o711), file("it", 0o644)]).values()], [0o044]);
  });
});

describe("what to do about a program that writes", () => {
  it("says so where nobody is known", () => {
    assert.equal(whatToDo([]), "End the program that does it, then try again.");
  });

  it("names one", () => {
    assert.equal(whatToDo([{ name: "vim", pid: 7 }]), "vim (7) has it open. End that, then try again.");
  });

  it("names some of many", () => {
    const programs = Array.from({ length: 7 }, (_, index) => ({ name: "node", pid: index + 1 }));
    assert.equal(
      whatToDo(programs),
      "node (1), node (2), node (3), node (4), node (5) and 2 more have it open. End those, then try again.",
    );
  });
});
