import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isAlive } from "../../../../src/protocol/liveness.ts";
import { programVersions } from "../../../../src/server/agents/version.ts";
import { until } from "../../../support/until.ts";

describe("The version of a program", () => {
  let root: string;
  let versionOf: (file: string) => Promise<string | null>;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tally-version-"));
    versionOf = programVersions({ timeoutMs: 10_000 });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const script = (name: string, text: string) => {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const packaged = (name: string, manifest: object) => {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, "package.json"), JSON.stringify(manifest));
  };
  const isNotRun = `echo run >>"$0.log"; echo 9.9.9`;

  describe("is that of the npm package which names it, without running it", () => {
    for (const [how, bin] of [
      ["by a single program", "./dist/agent.js"],
      ["among several", { other: "other.js", agent: "dist/agent.js" }],
    ] as const) {
      it(how, async () => {
        packaged("node_modules/agent", { name: "agent", version: "1.2.3-beta.1", bin });
        const file = script("node_modules/agent/dist/agent.js", isNotRun);
        mkdirSync(join(root, "node_modules/.bin"));
        symlinkSync(file, join(root, "node_modules/.bin/agent"));
        assert.equal(await versionOf(join(root, "node_modules/.bin/agent")), "1.2.3-beta.1");
        assert.ok(!existsSync(`${file}.log`));
      });
    }

    it("and not of one nearer by that does not", async () => {
      packaged("agent", { version: "1.2.3", bin: "dist/agent.js" });
      packaged("agent/dist", { type: "module" });
      assert.equal(await versionOf(script("agent/dist/agent.js", isNotRun)), "1.2.3");
    });

    it("and not of a package that it only lies in", async () => {
      packaged("project", { version: "1.2.3", bin: "main.js" });
      assert.equal(await versionOf(script("project/agent", "echo 4.5.6")), "4.5.6");
    });
  });

  it("is its name in a folder of versions, without running it", async () => {
    const file = script("share/claude/versions/2.1.329", isNotRun);
    symlinkSync(file, join(root, "claude"));
    assert.equal(await versionOf(join(root, "claude")), "2.1.329");
    assert.ok(!existsSync(`${file}.log`));
  });

  it("is not that of the runtime in whose folder it lies", async () => {
    assert.equal(await versionOf(script(".pyenv/versions/3.11.4/bin/agent", "echo agent 0.5.0")), "0.5.0");
  });

  describe("is what it prints", () => {
    for (const [printed, version] of [
      ["2.1.329 (Claude Code)", "2.1.329"],
      ["codex-cli 0.169.0", "0.169.0"],
      ["agent v1.0.0-nightly.20261102", "1.0.0-nightly.20261102"],
      ["no version at all", null],
    ] as const) {
      it(printed, async () => assert.equal(await versionOf(script("agent", `echo "${printed}"`)), version));
    }

    it("given --version, nothing on stdin, and nothing of our environment but PATH and HOME", async () => {
      const file = script("agent", `echo "$*"; cat; env; echo 1.2.3) >"$0.log"`.replace("echo", "(echo"));
      process.env["TALLY_VERSION_TEST"] = "secret";
      await versionOf(file);
      delete process.env["TALLY_VERSION_TEST"];
      const log = readFileSync(`${file}.log`, "utf8");
      assert.match(log, /^--version\n/u);
      assert.doesNotMatch(log, /secret/u);
    });

    it("before it fails", async () => assert.equal(await versionOf(script("agent", "echo 1.2.3; exit 1")), "1.2.3"));

    it("before it floods", async () => {
      assert.equal(await versionOf(script("agent", "echo 1.2.3; while :; do echo more; done")), "1.2.3");
    });
  });

  it("is unknown of one that hangs, which is killed with all that it started", async () => {
    const file = script("agent", `sleep 1000 & echo $! >"$0.log"; wait`);
    assert.equal(await programVersions({ timeoutMs: 2_000 })(file), null);
    const child = Number(readFileSync(`${file}.log`, "utf8"));
    await until(() => !isAlive(child), "its child to be killed");
  });

  for (const [what, make] of [
    ["is not there", () => join(root, "none")],
    ["is a folder", () => root],
    ["cannot be run", () => (writeFileSync(join(root, "text"), "1.2.3"), join(root, "text"))],
    ["is in a package whose manifest is broken", () => (packaged("agent", []), script("agent/agent.js", "exit 0"))],
  ] as const) {
    it(`is unknown of one that ${what}`, async () => assert.equal(await versionOf(make()), null));
  }

  it("is found out once, until its file changes", async () => {
    const file = script("agent", `echo run >>"$0.log"; echo 1.2.3`);
    const runs = () => readFileSync(`${file}.log`, "utf8").split("\n").length - 1;
    assert.deepEqual(await Promise.all([versionOf(file), versionOf(file)]), ["1.2.3", "1.2.3"]);
    await versionOf(file);
    assert.equal(runs(), 1);
    appendFileSync(file, "# new\n");
    await versionOf(file);
    assert.equal(runs(), 2);
  });
});
