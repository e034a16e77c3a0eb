import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInPipes, tally } from "../../support/cli.ts";
import { repositoryRoot } from "../../support/gateway.ts";

const wholeNode = join(repositoryRoot, "node_modules", "node", "bin", "node");

describe("the script bin/tally", () => {
  let folder: string;
  /** A PATH with the programs that the script may use, and no Node. */
  let withoutNode: Record<string, string>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tally launcher 🚀 "));
    const bin = join(folder, "programs");
    await mkdir(bin);
    for (const name of ["readlink", "sh"]) await symlink(`/bin/${name}`, join(bin, name));
    withoutNode = { PATH: bin, HOME: folder, TALLY_HOME: join(folder, "home") };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const version = (script: string, env: Record<string, string>) =>
    runInPipes([script, "--version"], { env, cwd: folder }).then(({ stdout, exitCode, stderr }) => ({
      says: stdout.toString("utf8").slice(0, 6) || stderr,
      exitCode,
    }));
  const works = { says: "tally ", exitCode: 0 };

  /** As the extension lays it out in $TALLY_HOME/bin. */
  async function installed(name: string, pathFile: string): Promise<string> {
    const bin = join(folder, name, "bin");
    await mkdir(bin, { recursive: true });
    await copyFile(tally, join(bin, "tally"));
    await writeFile(join(bin, "tally.path"), pathFile);
    return join(bin, "tally");
  }

  it("runs beside the package", async () => {
    assert.deepEqual(await version(tally, { ...withoutNode, PATH: process.env["PATH"] ?? "" }), works);
  });

  it("runs through symlinks, relative ones too", async () => {
    await symlink(tally, join(folder, "absolute"));
    await symlink("absolute", join(folder, "relative"));
    assert.deepEqual(await version(join(folder, "relative"), withoutNode), works);
  });

  it("runs in TALLY_HOME on the editor's runtime where there is no Node", async () => {
    const runtime = join(folder, "the editor");
    await writeFile(runtime, `#!/bin/sh\n[ "$ELECTRON_RUN_AS_NODE" = 1 ] && exec '${wholeNode}' "$@"\n`, {
      mode: 0o755,
    });
    const script = await installed("editor", `${repositoryRoot}\n${runtime}\n`);
    assert.deepEqual(await version(script, withoutNode), works);
  });

  it("reads a tally.path without a newline at its end", async () => {
    const script = await installed("unterminated", `${repositoryRoot}\n${wholeNode}`);
    assert.deepEqual(await version(script, withoutNode), works);
  });

  it("says what to do when its code is gone", async () => {
    const script = await installed("gone", `${folder}/nowhere\n${wholeNode}\n`);
    const { says, exitCode } = await version(script, withoutNode);
    assert.equal(exitCode, 127);
    assert.match(says, /nowhere\/dist\/cli\.cjs is missing\. Open VS Code/);
  });

  it("says what to do when there is nothing to run it", async () => {
    const bare = join(folder, "bare");
    await mkdir(join(bare, "dist"), { recursive: true });
    await writeFile(join(bare, "dist", "cli.cjs"), "");
    const script = await installed("nothing", `${bare}\n/gone/electron\n`);
    const { says, exitCode } = await version(script, withoutNode);
    assert.equal(exitCode, 127);
    assert.match(says, /there is no Node to run it/);
  });
});
