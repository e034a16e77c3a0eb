import { isSince as isVersionSince } from "../version-order.ts";

/** From here on `--session-id`, `--settings` and the hooks that every version since has are known. */
export const LAUNCH_FLAGS_SINCE = "2.0.0";
export const PERMISSION_REQUEST_HOOK_SINCE = "2.0.45";
/** An unknown name among the hooks opens a dialog in some versions, so the newer ones wait for a version that has them for sure. */
export const FAILURE_HOOKS_SINCE = "2.1.78";
/** The oldest that was seen to keep `sessions/<pid>.json` with a status. */
export const STATE_FILE_SINCE = "2.1.197";
/** The oldest that was seen to ask the terminal for the Program Status Protocol. */
export const PROGRAM_STATUS_SINCE = "2.1.329";

/**
 * The oldest that was seen to read the main checkout's local settings from its subfolders and worktrees, before those of the folder.
 * Measured in a fresh worktree with a command that the main checkout's `permissions.allow` allows: 2.1.329 runs it, 2.1.197 asks. Both
 * take trust from the main checkout, and neither reads `allowedTools` of its state any more, which older ones do.
 */
export const LOCAL_SETTINGS_OF_MAIN_SINCE = "2.1.329";

/** From here on it goes on by itself when a usage limit resets, and has a setting for that. */
export const AUTO_CONTINUE_SINCE = "2.1.234";

/** Whether `version` is `since` or later. One that is not known has only what all have that are still in use. */
export function isSince(version: string | null, since: string): boolean {
  return isVersionSince(version ?? LAUNCH_FLAGS_SINCE, since);
}
