import { packageExtension } from "../../../scripts/package-extension.ts";

/** Tells the processes among which mocha shares out the files where the package is. */
const VARIABLE = "TALLY_TEST_PACKAGE";

let made: Promise<string> | undefined;

/** Tally's package, made once in a run. */
export function packagedTally(): Promise<string> {
  const path = process.env[VARIABLE];
  return path ? Promise.resolve(path) : (made ??= packageExtension());
}

/** Mocha's setup, before any file: nobody builds while others start what is built. */
export async function mochaGlobalSetup(): Promise<void> {
  process.env[VARIABLE] = await packageExtension();
}
