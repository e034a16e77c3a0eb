import { statSync } from "node:fs";
import { parseArgs } from "node:util";
import { isTarget, type Target, targets } from "./package-contents.ts";
import { buildBundles, packageBuilt } from "./package-extension.ts";
import { step } from "./progress.mjs";

const help = `npm run package                      Packages Tally as one file that runs everywhere: dist/tally-<version>.vsix
npm run package -- --target <name>   One that runs only there, and is smaller: dist/tally-<name>-<version>.vsix
npm run package -- --all             One for each target, as they are published

Targets: ${targets.join(", ")}. More than one --target may be given.`;

/** @throws with words for a person when the command line names no target that there is. */
function wantedTargets({ target = [], all = false }: { target?: string[]; all?: boolean }): readonly (Target | null)[] {
  const unknown = target.find((word) => !isTarget(word));
  if (unknown !== undefined) throw new Error(`There is no target "${unknown}". There is: ${targets.join(", ")}.`);
  if (all) return targets;
  return target.length === 0 ? [null] : target.filter(isTarget);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      target: { type: "string", multiple: true },
      all: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const wanted = wantedTargets(values);
  await step("Building", () => buildBundles());
  for (const target of wanted) {
    const { vsix, files } = await step(`Packaging for ${target ?? "every platform"}`, () => packageBuilt(target));
    for (const { path, bytes } of files) console.log(`${String(bytes).padStart(9)}  ${path}`);
    console.log(`${files.length} files, ${(statSync(vsix).size / 1e6).toFixed(2)} MB: ${vsix}`);
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
