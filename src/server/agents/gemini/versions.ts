/** The first version with a `--session-id`. */
export const SESSION_ID_SINCE = "0.41.2";
/** The first version that tells its state in the terminal's title unless told otherwise. */
export const TITLES_SINCE = "0.25.0";
/** The first version in which hooks are on. */
export const HOOKS_SINCE = "0.26.0";
/** From here on system settings count only in files that root alone can write, so nothing can be switched on for one launch. */
export const HOOKS_BEFORE = "0.60.0";
