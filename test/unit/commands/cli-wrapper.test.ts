import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { writeCliWrapper } from "../../../src/commands/cli-wrapper.ts";

describe("the tally command for terminals outside the editor", () => {
  let root: string;
  let launcher: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "tally-wrapper-"));
    launcher = join(root, "it's home", "tally");
    await mkdir(join(root, "it's home"));
    await writeFile(launcher, '#!/bin/sh\necho "$#: $1"\n');
    await chmod(launcher, 0o755);
  });
  afterEach(() => rm(root, { recursive: true }));

  const write = (folders: string[], path = "") => writeCliWrapper({ folders, launcher, path });

  it("runs the launcher with the very same arguments", async () => {
    const { file } = await write([join(root, "bin")]);
    assert.equal(execFileSync(file, ["two words"], { encoding: "utf8" }), "1: two words\n");
  });

  it("goes where the shell will find it, rather than where it will not", async () => {
    const found = join(root, "found");
    await mkdir(found);
    assert.deepEqual(await write([join(root, "other"), found], `/usr/bin:${found}`), {
      file: join(found, "tally"),
      isOnPath: true,
    });
  });

  it("says when the shell will not find it", async () => {
    assert.equal((await write([join(root, "bin")], "/usr/bin")).isOnPath, false);
  });

  it("replaces its own earlier self", async () => {
    await write([join(root, "bin")]);
    await assert.doesNotReject(write([join(root, "bin")]));
  });

  it("leaves somebody else's tally alone", async () => {
    const other = join(root, "tally");
    await writeFile(other, "theirs");
    await assert.rejects(write([root]), /another program at/);
    assert.equal(await readFile(other, "utf8"), "theirs");
  });
});
