import { chmod, lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parentOf, type Raw } from "./raw-path.ts";
import type { Found } from "./walk.ts";

/** Bits of a mode: who besides its owner may read something. */
export type Readers = number;

export const ANYBODY: Readers = 0o044;

/** Who may read each of these files: a folder that is closed to somebody hides all that is in it. */
export function readersOf(found: readonly Found[]): Map<Raw, Readers> {
  const folders = new Map<Raw, Readers>();
  const files = new Map<Raw, Readers>();
  for (const entry of found) {
    const above = entry.path === "" ? ANYBODY : (folders.get(parentOf(entry.path)) ?? 0);
    // That somebody may enter a folder is one bit, and that he may read a file another, two places further up.
    if (entry.type === "folder") folders.set(entry.path, above & ((entry.mode & 0o011) << 2));
    if (entry.type === "file") files.set(entry.path, above & entry.mode);
  }
  return files;
}

/**
 * Arguments for a git that writes objects of what not everybody may read. Without them it makes objects as readable as the repository is.
 * Windows has no such modes.
 */
export function closedTo(readers: Readers): string[] {
  if (process.platform === "win32" || readers === ANYBODY) return [];
  return ["-c", `core.sharedRepository=0${(0o600 | readers).toString(8)}`];
}

/**
 * Makes the folders that loose objects are in. A git that writes a closed object would make them closed too, and whoever shares the
 * repository could neither read nor write any other object there.
 */
export async function makeObjectFolders(commonDir: string): Promise<void> {
  const objects = join(commonDir, "objects");
  const { mode } = await lstat(objects);
  for (let count = 0; count < 256; count += 1) {
    const folder = join(objects, count.toString(16).padStart(2, "0"));
    const isMade = await mkdir(folder).then(() => true, orIfThere);
    if (isMade) await chmod(folder, mode & 0o7777);
  }
}

function orIfThere(error: NodeJS.ErrnoException): false {
  if (error.code === "EEXIST") return false;
  throw error;
}
