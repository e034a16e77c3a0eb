import { type Dirent, type Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { TallyError } from "../../protocol/errors.ts";

/** POSIX counts blocks of this size, whatever the file system's own is. */
const BLOCK_BYTES = 512;
/** More do not make it faster: there are four threads for it. */
const FOLDERS_AT_ONCE = 16;

/**
 * Bytes that a folder with all in it takes on disk. A link counts as itself, a file with several names once, and what is mounted in it
 * not at all; nor does what goes meanwhile, or is not to be read.
 * @throws {TallyError} `cancelled`
 */
export async function diskUse(path: string, signal?: AbortSignal): Promise<number> {
  const root = await lstat(path).catch(() => null);
  if (root === null) return 0;
  const counted = new Set<string>();
  const folders = root.isDirectory() ? [path] : [];
  let bytes = bytesOf(root);

  const countFolder = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    const all = await Promise.all(entries.map((entry) => lstat(join(folder, entry.name)).catch(() => null)));
    for (const [at, stats] of all.entries()) {
      if (stats === null || stats.dev !== root.dev) continue;
      if (stats.isDirectory()) folders.push(join(folder, entries[at]?.name ?? ""));
      else if (stats.nlink > 1) {
        const identity = String(stats.ino);
        if (counted.has(identity)) continue;
        counted.add(identity);
      }
      bytes += bytesOf(stats);
    }
  };

  while (folders.length > 0) {
    if (signal?.aborted) throw new TallyError("cancelled", "It was cancelled.");
    await Promise.all(folders.splice(-FOLDERS_AT_ONCE).map(countFolder));
  }
  return bytes;
}

/** Windows tells no blocks. */
function bytesOf({ blocks, size }: Stats): number {
  return Number.isFinite(blocks) && process.platform !== "win32" ? blocks * BLOCK_BYTES : size;
}
