import assert from "node:assert/strict";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { familyOf, processTree } from "../../../src/server/process-tree.ts";
import {
  environmentOfProcess,
  folderOfProcess,
  processStartedAt,
} from "../../../src/server/sessions/external/foreign-process.ts";
import { type ForeignProcess, foreignProcess } from "../../support/wrapper.ts";

describe("a process that somebody else started", () => {
  let folder: string;
  let process: ForeignProcess & { readonly childPid: number | null };
  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "tally-process-")));
    process = await foreignProcess({ cwd: folder, env: { PATH: "/usr/bin:/bin", WORDS: "a=b c" }, withChild: true });
  });
  after(async () => {
    await process.end();
    await rm(folder, { recursive: true });
  });

  const noProcess = 2 ** 22 + 1;

  it("shows its folder", () => {
    assert.equal(folderOfProcess(process.pid), folder);
    assert.throws(() => folderOfProcess(noProcess), { code: "invalid-request" });
  });

  it("shows the environment that it was given", () => {
    assert.equal(environmentOfProcess(process.pid)?.["WORDS"], "a=b c");
    assert.equal(environmentOfProcess(noProcess), null);
  });

  it("started after us, by the clock that we started by", () => {
    assert.equal(processStartedAt(globalThis.process.pid), Math.round(performance.timeOrigin));
    assert.ok((processStartedAt(process.pid) ?? 0) >= Math.round(performance.timeOrigin));
    assert.equal(processStartedAt(noProcess), null);
  });

  it("is of one family with what it started, and of ours", () => {
    const tree = processTree();
    assert.deepEqual(familyOf(process.pid, tree), [process.pid, process.childPid]);
    assert.ok(familyOf(globalThis.process.pid, tree).includes(process.pid));
    assert.deepEqual(familyOf(noProcess, tree), [noProcess]);
  });
});
