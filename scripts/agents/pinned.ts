import { join, resolve } from "node:path";
import { repository } from "../progress.mjs";

/** A real agent CLI at one version, installed from `scripts/agents/<name>-<version>/package-lock.json`. */
export interface PinnedAgent {
  readonly name: "claude" | "codex" | "gemini" | "opencode";
  readonly version: string;
}

/** The newest of each when it was pinned, and the Claude Code that npm still gives to a Node 20. */
export const pinnedAgents = [
  { name: "claude", version: "2.1.329" },
  { name: "claude", version: "2.1.197" },
  { name: "codex", version: "0.169.0" },
  { name: "gemini", version: "0.61.0" },
  { name: "opencode", version: "1.18.33" },
] as const satisfies readonly PinnedAgent[];

/** Where installed agents are kept: hundreds of megabytes, so outside what is packaged, and shared between checkouts when `TALLY_DEV_CACHE` is set. */
export const agentsFolder = resolve(process.env["TALLY_DEV_CACHE"] || join(repository, ".cache"), "agents");

export function folderName({ name, version }: PinnedAgent): string {
  return `${name}-${version}`;
}

export function manifestFolder(agent: PinnedAgent): string {
  return join(import.meta.dirname, folderName(agent));
}

export function installedFolder(agent: PinnedAgent): string {
  return join(agentsFolder, folderName(agent));
}

/** The folder that goes on PATH to run this agent by its name. */
export function binFolder(agent: PinnedAgent): string {
  return join(installedFolder(agent), "node_modules", ".bin");
}
