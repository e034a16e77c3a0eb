import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { installRuntime } from "../../../src/client/install-runtime.ts";
import { readRuntimeFile } from "../../../src/client/runtime.ts";
import { tallyHome, type TallyHome } from "../../../src/protocol/home.ts";

const prebuilt = join("node_modules", "node-pty", "prebuilds");
const ownPlatform = `${process.platform}-${process.arch}`;

describe("the runtime that outlives the extension's folder", () => {
  let root: string;
  let home: TallyHome;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "tally-runtime-"));
    home = tallyHome({ TALLY_HOME: join(root, "home"), XDG_RUNTIME_DIR: root });
  });
  afterEach(() => rm(root, { recursive: true }));

  /** A folder as the editor unpacks the extension. */
  async function extension(version: string, gateway = `gateway of ${version}`): Promise<string> {
    const folder = join(root, `extension-${version}`);
    const files = {
      "package.json": JSON.stringify({ version }),
      "dist/gateway.cjs": gateway,
      "dist/extension.cjs": "extension",
      "bin/tally": "#!/bin/sh\n",
      "bin/tally.cmd": "@echo off\r\n",
      "node_modules/node-pty/package.json": "{}",
      "node_modules/node-pty/lib/index.js": "",
      [join(prebuilt, ownPlatform, "pty.node")]: "binary",
      [join(prebuilt, "other-platform", "pty.node")]: "binary",
    };
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return folder;
  }

  const install = async (version: string, gateway?: string) =>
    installRuntime({ home, version, folder: await extension(version, gateway), path: "" });

  it("is complete without the extension's folder, and recorded for the CLI", async () => {
    const runtime = await install("1.0.0");
    await rm(join(root, "extension-1.0.0"), { recursive: true });
    assert.deepEqual(await readRuntimeFile(home), runtime);
    assert.equal(await readFile(join(runtime.folder, "dist", "gateway.cjs"), "utf8"), "gateway of 1.0.0");
    assert.ok(existsSync(join(runtime.folder, "node_modules", "node-pty", "lib", "index.js")));
    assert.equal(await readFile(join(home.bin, "tally.path"), "utf8"), `${runtime.folder}\n${runtime.execPath}\n`);
    assert.equal((await stat(join(home.bin, "tally"))).mode & 0o777, 0o755);
  });

  it("holds the binary of this machine's platform and no other", async () => {
    const runtime = await install("1.0.0");
    assert.deepEqual(await readdir(join(runtime.folder, prebuilt)), [ownPlatform]);
  });

  it("is one, however many windows install it at once", async () => {
    const folder = await extension("1.0.0");
    const options = { home, version: "1.0.0", folder, path: "" };
    await Promise.all(Array.from({ length: 8 }, () => installRuntime(options)));
    assert.equal((await readdir(home.runtimes)).length, 1);
    assert.deepEqual((await readdir(home.bin)).sort(), ["tally", "tally.cmd", "tally.path"]);
  });

  it("is another one for another build of the same version", async () => {
    const first = await install("1.0.0");
    const second = await install("1.0.0", "rebuilt");
    assert.notEqual(second.folder, first.folder);
  });

  it("is not taken back by an older extension in another editor", async () => {
    const newer = await install("1.10.0");
    await install("1.9.0");
    assert.deepEqual(await readRuntimeFile(home), newer);
  });

  it("goes when it is old and nothing that runs is of its version", async () => {
    const old = await install("1.0.0");
    await utimes(old.folder, 0, 0);
    await install("2.0.0");
    assert.ok(!existsSync(old.folder));
  });

  it("stays while a gateway of its version runs", async () => {
    const old = await install("1.0.0");
    await utimes(old.folder, 0, 0);
    const gateway = { pid: process.pid, port: 4317, version: "1.0.0", protocol: 1, startedAt: 0 };
    await writeFile(home.gatewayFile, JSON.stringify(gateway));
    await install("2.0.0");
    assert.ok(existsSync(old.folder));
  });
});
