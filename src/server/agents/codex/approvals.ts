import { homedir } from "node:os";
import { join } from "node:path";
import type { LaunchRequest } from "../adapter.ts";
import { configuredValue, type Option } from "./arguments.ts";

/**
 * Whether a model reviews what Codex wants permission for. Codex runs the hook for a permission before it knows whether a person must be
 * asked, so with a reviewer such a hook would call the person in vain. What is switched in the running TUI cannot be known here.
 */
export function isReviewedByModel(
  options: readonly Option[],
  { env, readText }: Pick<LaunchRequest, "env" | "readText">,
): boolean {
  if (options.some(({ name }) => name === "--approve-for-me")) return true;
  const folder = env["CODEX_HOME"] || join(env["HOME"] || homedir(), ".codex");
  const profile = options.findLast(({ name }) => name === "-p" || name === "--profile")?.value;
  const files = [...(profile ? [`${profile}.config.toml`] : []), "config.toml"];
  const reviewer =
    configuredValue(options, "approvals_reviewer") ??
    files.map((file) => reviewerIn(readText(join(folder, file)) ?? "")).find((found) => found !== null);
  return reviewer !== undefined && unquoted(reviewer) !== "user";
}

/** The key stands before the first table, or it is another one. */
function reviewerIn(toml: string): string | null {
  const [root = ""] = toml.split(/^\s*\[/m, 1);
  return /^\s*approvals_reviewer\s*=\s*([^#\n]+)/m.exec(root)?.[1] ?? null;
}

function unquoted(value: string): string {
  return value.trim().replace(/^(["'])(.*)\1$/, "$2");
}
