import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  commitMessage,
  type Entry,
  labelOf,
  type Manifest,
  manifestJson,
  readManifest,
  strayEntry,
} from "../../../../src/server/worktrees/snapshot/manifest.ts";
import { rawOf } from "../../../../src/server/worktrees/snapshot/raw-path.ts";
import { inParts } from "../../../../src/server/worktrees/snapshot/write-blobs.ts";

const folder = (path: string): Entry => ({ type: "folder", path, mode: 0o755, mtimeMs: 1 });
const link = (path: string): Entry => ({ type: "link", path, target: "/etc", isToFolder: false, mtimeMs: 1.5 });
const manifest = (entries: Entry[]): Manifest => ({
  version: 1,
  extra: { ports: [1] },
  places: { path: "/w", commonDir: "/r/.git", adminId: "w" },
  pointers: { gitFile: "gitdir: x\n", gitdir: null },
  head: null,
  headBranch: "main",
  branches: [{ name: "a", tip: "a".repeat(40), log: "\xff\n", config: [["remote", "origin"]] }],
  folder: entries,
  admin: [],
});

describe("the manifest of a snapshot", () => {
  it("is the same when it is read again, whatever bytes names are", () => {
    const names = fc.string({
      unit: fc.integer({ min: 1, max: 255 }).map((byte) => String.fromCharCode(byte)),
      minLength: 1,
    });
    fc.assert(
      fc.property(names, (name) => {
        const safe = name.replace(/[/\\:.]/g, "_");
        const given = manifest([folder(""), link(safe)]);
        assert.deepEqual(readManifest(manifestJson(given), "ref"), given);
      }),
    );
  });

  it("shows names as text where they are", () => {
    assert.match(manifestJson(manifest([folder(""), link(rawOf("ü"))])), /"path":"ü"/);
  });

  for (const path of ["../x", "a/../../x", "..", ".", "/etc/x", "a//b", "missing/x", "link/x", "a/.", "nul\0"]) {
    it(`is refused with ${JSON.stringify(path)} in it`, () => {
      assert.equal(strayEntry([folder(""), folder("a"), link("link"), link(path)])?.path, path);
    });
  }

  it("is refused when something is in it twice", () => {
    assert.equal(strayEntry([folder(""), link("a"), folder("a")])?.type, "folder");
  });

  it("of a later version says what to do", () => {
    const json = manifestJson(manifest([])).replace('"version":1', '"version":2');
    assert.throws(() => readManifest(json, "ref"), /Update Tally/);
  });
});

describe("the label of a snapshot", () => {
  const label = { name: "ü\n🦊", branch: null, head: "0", path: "/a", takenAt: 1, files: 2, bytes: 3, leftOut: ["x/"] };

  it("is read from the commit's message as it was", () => assert.deepEqual(labelOf(commitMessage(label)), label));
  it("is plain ASCII, for any encoding of commits", () => assert.match(commitMessage(label), /^[\n -~]+$/));
  it("is not found in another commit", () => assert.equal(labelOf("A commit\n\nTally-Snapshot: no"), null));
});

describe("the parts in which files are handed to git", () => {
  const sizes = (limit: { files: number; bytes: number }, ...given: number[]) =>
    inParts(
      given.map((size) => ({ size })),
      limit,
    ).map((part) => part.map(({ size }) => size));

  it("have neither more files nor more bytes than they may", () => {
    assert.deepEqual(sizes({ files: 2, bytes: 10 }, 1, 2, 3, 8, 1, 2), [[1, 2], [3], [8, 1], [2]]);
  });

  it("are a file alone where it is larger than a part", () => {
    assert.deepEqual(sizes({ files: 9, bytes: 10 }, 1, 99, 2), [[1], [99], [2]]);
  });
});
