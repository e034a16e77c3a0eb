/** The first version with a `--session-id`. */
export const SESSION_ID_SINCE = "0.41.2";
/** The first version that tells its state in the terminal's title unless told otherwise. */
export const TITLES_SINCE = "0.25.0";
/** The first version in which hooks are on. */
export const HOOKS_SINCE = "0.26.0";
/** From here on system settings count only in files that root alone can write, so nothing can be switched on for one launch. */
export const HOOKS_BEFORE = "0.60.0";

/** Unknown versions know nothing. A pre-release counts as its release. */
export function isSince(version: string | null, since: string): boolean {
  if (version === null) return false;
  const [ours = [], wanted = []] = [version, since].map((each) => each.split(/[-+]/, 1)[0]?.split(".").map(Number));
  const differing = wanted.findIndex((part, index) => part !== ours[index]);
  return differing === -1 || (ours[differing] ?? 0) > (wanted[differing] ?? 0);
}
