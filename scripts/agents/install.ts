// Installs the pinned agent CLIs into the cache folder, those that are missing there: `node scripts/agents/install.ts`.
import { cpSync, existsSync } from "node:fs";
import { installOnce } from "../install-once.ts";
import { npm } from "../npm.mjs";
import { step } from "../progress.mjs";
import { folderName, installedFolder, manifestFolder, type PinnedAgent, pinnedAgents } from "./pinned.ts";

/**
 * Installs every pinned agent that is not there yet.
 * @throws when npm fails, with npm's own words; when that is for lack of a registry, with what to do about it.
 */
export async function installAgents(): Promise<void> {
  for (const agent of pinnedAgents) {
    if (existsSync(installedFolder(agent))) continue;
    await step(`Installing ${folderName(agent)} from npm, some 300 MB`, () => install(agent));
  }
}

function install(agent: PinnedAgent): Promise<void> {
  return installOnce(installedFolder(agent), async (folder) => {
    cpSync(manifestFolder(agent), folder, { recursive: true });
    await npm(["ci", "--fetch-retries=1"], folder).catch(explain);
  });
}

/** npm's codes for a registry that cannot be reached, as opposed to a package that cannot be installed. */
const unreachable = /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)\b/;

function explain(error: unknown): never {
  const code = error instanceof Error ? unreachable.exec(error.message)?.[1] : undefined;
  if (code === undefined) throw error;
  throw new Error(
    `npm cannot reach its registry (${code}). Look at "npm config get registry" and at your proxy settings, then run this again.`,
    { cause: error },
  );
}

if (process.argv[1] === import.meta.filename) {
  await installAgents().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
