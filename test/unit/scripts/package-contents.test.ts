import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageContents, requiredFiles, type Target, targets } from "../../../scripts/package-contents.ts";

const prebuilds = "node_modules/node-pty/prebuilds/";

/** The README shows it. */
const picture = "media/readme/dashboard-dark.png";

/** What lies beside it in a repository in which somebody works. */
const unwanted = [
  "dist/extension.cjs.map",
  "dist/meta.json",
  "dist/test/editor/index.cjs",
  "dist/webview/dashboard.js.map",
  "dist/tally-0.0.1.vsix",
  "src/extension.ts",
  "test/unit/some.test.ts",
  "scripts/package.ts",
  ".cache/editor/server-main.js",
  ".env",
  "media/readme/dashboard-light.png",
  "node_modules/node-pty/lib/index.js.map",
  "node_modules/node-pty/src/unix/pty.cc",
  "node_modules/node-pty/build/Release/pty.node",
  `${prebuilds}win32-x64/conpty.pdb`,
  "node_modules/zod/index.js",
];

describe("the contents of a package", () => {
  let folder: string;
  const put = (file: string, text = "") => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tally-package-contents-"));
    for (const file of [...requiredFiles(null), picture, ...unwanted]) put(file);
    put("README.md", `![The dashboard](${picture})`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const natives: Readonly<Record<Target, readonly string[]>> = {
    "linux-x64": ["pty.node"],
    "linux-arm64": ["pty.node"],
    "darwin-x64": ["pty.node", "spawn-helper"],
    "darwin-arm64": ["pty.node", "spawn-helper"],
    "win32-x64": ["conpty.node", "conpty/OpenConsole.exe", "conpty/conpty.dll", "conpty_console_list.node"],
    "win32-arm64": ["conpty.node", "conpty/OpenConsole.exe", "conpty/conpty.dll", "conpty_console_list.node"],
  };
  for (const target of targets) {
    it(`have only the binaries of ${target}`, () => {
      const found = packageContents(folder, target).filter((file) => file.startsWith(prebuilds));
      assert.deepEqual(
        found,
        natives[target].map((file) => `${prebuilds}${target}/${file}`),
      );
    });
  }

  it("have everything that the extension needs, the pictures of its README, and nothing else", () => {
    const wanted = [...requiredFiles("linux-x64"), picture];
    assert.deepEqual(packageContents(folder, "linux-x64"), wanted.toSorted());
  });

  it("have the binaries of all targets where none is named", () => {
    assert.deepEqual(packageContents(folder, null), [...requiredFiles(null), picture].toSorted());
  });

  it("are refused where something is missing", () => {
    rmSync(join(folder, "dist", "ptyhost.cjs"));
    assert.throws(() => packageContents(folder, "linux-x64"), /lacks what the package needs: dist\/ptyhost\.cjs/);
  });

  it("are refused where the README shows a picture that is not there", () => {
    rmSync(join(folder, picture));
    assert.throws(
      () => packageContents(folder, "linux-x64"),
      /lacks what the package needs: media\/readme\/dashboard-dark/,
    );
  });
});
