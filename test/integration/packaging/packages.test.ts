import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import jszip from "jszip";
import { noticesFile, packageContents, type Target, targets } from "../../../scripts/package-contents.ts";
import { noticesFor, packageBuilt } from "../../../scripts/package-extension.ts";
import { repository } from "../../../scripts/progress.mjs";
import type { BuildRecord } from "../../../scripts/third-party/works.ts";

/** vsce calls these three by names of its own. */
const renamed: Readonly<Record<string, string>> = {
  "README.md": "readme.md",
  "CHANGELOG.md": "changelog.md",
  LICENSE: "LICENSE.txt",
};

const MODE_BITS = 0o777;

async function unpacked(target: Target) {
  const zip = await jszip.loadAsync(readFileSync((await packageBuilt(target)).vsix));
  const files = Object.values(zip.files).filter(({ dir }) => !dir);
  return {
    names: files.map(({ name }) => name).toSorted(),
    modeOf: (name: string) => Number(zip.file(`extension/${name}`)?.unixPermissions) & MODE_BITS,
    manifest: (await zip.file("extension.vsixmanifest")?.async("string")) ?? "",
    notices: await zip.file(`extension/${noticesFile}`)?.async("string"),
  };
}

// That of Linux is installed and used in every test of the editor.
for (const target of ["darwin-arm64", "win32-x64"] as const) {
  describe(`the package for ${target}`, () => {
    let its: Awaited<ReturnType<typeof unpacked>>;
    before(async () => (its = await unpacked(target)));

    it("holds exactly what belongs in it", () => {
      const contents = [...packageContents(repository, target), noticesFile].map(
        (file) => `extension/${renamed[file] ?? file}`,
      );
      assert.deepEqual(its.names, ["[Content_Types].xml", "extension.vsixmanifest", ...contents].toSorted());
    });

    it("says that it is for nothing else", () => assert.match(its.manifest, new RegExp(`TargetPlatform="${target}"`)));

    it("tells of the works of others", () => assert.equal(its.notices, noticesFor(target)));

    it("keeps programs executable", () => {
      const programs = [
        "bin/tally",
        ...packageContents(repository, target).filter((file) => /\/spawn-helper$/.test(file)),
      ];
      for (const program of programs) assert.equal(its.modeOf(program), 0o755, program);
    });
  });
}

/** The names of the packages in what the last build made, its tests left out. */
function bundledNames(): string[] {
  const { outputs } = JSON.parse(readFileSync(join(repository, "dist", "meta.json"), "utf8")) as BuildRecord;
  return Object.entries(outputs)
    .filter(([file]) => !file.startsWith("dist/test/"))
    .flatMap(([, output]) => Object.keys(output!.inputs))
    .flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []);
}

for (const target of targets) {
  describe(`the notices for ${target}`, () => {
    const headings = () =>
      new Set(
        noticesFor(target)
          .match(/^ {2}\S.*(?= \S+ \(.+\)$)/gm)
          ?.map((line) => line.trim()),
      );

    it("name every package that is bundled or shipped as it is", () => {
      const named = headings();
      const unnamed = [...bundledNames(), "node-pty"].filter((name) => !named.has(name));
      assert.deepEqual(unnamed, []);
    });

    it("name Windows' console where it is shipped", () => {
      const isNamed = [...headings()].some((name) => name.startsWith("Windows Terminal"));
      assert.equal(isNamed, target.startsWith("win32"));
    });
  });
}
