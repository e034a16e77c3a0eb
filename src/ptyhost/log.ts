import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { inspect } from "node:util";

/** A log over this size becomes `<path>.old` when a host starts, in place of the one before. */
const MAX_LOG_BYTES = 1024 * 1024;
/** A host that fails over and over says so, but does not fill the disk. */
const MAX_LINES = 2000;

export type Log = (message: string, error?: unknown) => void;

/** A log that appends lines to `path`. Hosts say little, so that writing at once is cheap, and the last words before a crash are kept. */
export function openLog(path: string, now: () => number): Log {
  let lines = 0;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const old = statSync(path, { throwIfNoEntry: false });
  if (old && old.size > MAX_LOG_BYTES) renameSync(path, `${path}.old`);
  return (message, error) => {
    if (++lines > MAX_LINES) return;
    const detail =
      error instanceof Error ? ` ${error.stack ?? error.message}` : error === undefined ? "" : ` ${inspect(error)}`;
    try {
      appendFileSync(path, `${new Date(now()).toISOString()} [${process.pid}] ${message}${detail}\n`, { mode: 0o600 });
    } catch {
      // A full disk is no reason to end anybody's agent.
    }
  };
}
