import type { LaunchRequest } from "../adapter.ts";
import type { Option } from "./arguments.ts";
import { CodexConfig } from "./config.ts";

/**
 * Whether a model reviews what Codex wants permission for. Codex runs the hook for a permission before it knows whether a person must be
 * asked, so with a reviewer such a hook would call the person in vain. What is switched in the running TUI cannot be known here.
 */
export function isReviewedByModel(
  options: readonly Option[],
  request: Pick<LaunchRequest, "env" | "readText">,
): boolean {
  if (options.some(({ name }) => name === "--approve-for-me")) return true;
  const reviewer = new CodexConfig(options, request).value("approvals_reviewer");
  return reviewer !== null && reviewer !== "user";
}
