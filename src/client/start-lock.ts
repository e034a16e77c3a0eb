import { readFile, stat, unlink, writeFile } from "node:fs/promises";
import { isAlive } from "../protocol/liveness.ts";

/** A start takes a few seconds at most; a lock older than this was left behind. */
const STALE_MS = 20_000;

/**
 * Takes the start lock, so that many clients that find no gateway spawn one. It only saves work: that there is one
 * gateway is guaranteed by the gateway's own lock on its database.
 * @returns a function that releases it, or null when somebody else holds it.
 */
export async function takeStartLock(path: string): Promise<(() => Promise<void>) | null> {
  try {
    await writeFile(path, String(process.pid), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (await isLeftBehind(path)) await removeQuietly(path);
    return null;
  }
  return () => removeQuietly(path);
}

async function isLeftBehind(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > STALE_MS) return true;
    const pid = Number(await readFile(path, "utf8"));
    return pid > 0 && !isAlive(pid);
  } catch {
    // It vanished while we looked: released, not left behind.
    return false;
  }
}

async function removeQuietly(path: string): Promise<void> {
  // Somebody else may have removed a stale lock first; then it is gone, which is what we want.
  await unlink(path).catch(() => undefined);
}
