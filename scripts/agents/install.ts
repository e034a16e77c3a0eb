// Installs the pinned agent CLIs into the cache folder, those that are missing there: `node scripts/agents/install.ts`.
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../editor/processes.ts";
import { npm } from "../npm.mjs";
import { step } from "../progress.mjs";
import { agentsFolder, folderName, installedFolder, manifestFolder, type PinnedAgent, pinnedAgents } from "./pinned.ts";

/**
 * Installs every pinned agent that is not there yet.
 * @throws when npm fails, with npm's own words; when that is for lack of a registry, with what to do about it.
 */
export async function installAgents(): Promise<void> {
  mkdirSync(agentsFolder, { recursive: true });
  removeAbandoned();
  for (const agent of pinnedAgents) {
    if (existsSync(installedFolder(agent))) continue;
    await step(`Installing ${folderName(agent)} from npm, some 300 MB`, () => install(agent));
  }
}

/** What exists under the final name is whole: the work is done beside it and renamed, and of two installers the faster wins. */
async function install(agent: PinnedAgent): Promise<void> {
  const target = installedFolder(agent);
  const partial = `${target}.${process.pid}.partial`;
  try {
    cpSync(manifestFolder(agent), partial, { recursive: true });
    await npm(["ci", "--fetch-retries=1"], partial).catch(explain);
    renameSync(partial, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Removes what installers left that were killed: hundreds of megabytes each. */
function removeAbandoned(): void {
  for (const name of readdirSync(agentsFolder)) {
    const installer = /\.(\d+)\.partial$/.exec(name)?.[1];
    if (installer && !isAlive(Number(installer))) rmSync(join(agentsFolder, name), { recursive: true, force: true });
  }
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
