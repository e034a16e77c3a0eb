import { globSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";
import { testsBegin } from "../../scripts/editor/tests-begin.ts";

/** What the editor calls when it was started with these tests: runs every bundled test file beside this one. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, forbidOnly: true, forbidPending: true });
  for (const file of globSync("**/*.test.cjs", { cwd: __dirname })) mocha.addFile(join(__dirname, file));
  console.log(testsBegin);
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} in-editor tests failed`);
}
