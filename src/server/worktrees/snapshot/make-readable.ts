import type { BigIntStats } from "node:fs";
import { access, chmod, constants, lstat } from "node:fs/promises";
import { TallyError } from "../../../protocol/errors.ts";

const READ_FILE = 0o400;
const READ_FOLDER = 0o500;

interface Opened {
  readonly path: Buffer;
  readonly inode: bigint;
  readonly mode: number;
  readonly openedMode: number;
}

/** Lets us read what its owner, who we are, may not read, until it is put back. */
export class MadeReadable {
  /** By device and inode: a file may have several names. */
  readonly #opened = new Map<string, Opened>();

  /**
   * Makes it readable where it is not; it may be called again.
   * @returns the mode that it had; null where it had not to be touched
   * @throws {TallyError} `folder-unreadable` where it is somebody else's, and closed to us
   */
  async open(path: Buffer, stats: BigIntStats): Promise<number | null> {
    const uid = process.getuid?.();
    if (uid === undefined || uid === 0) return null;
    if (Number(stats.uid) !== uid) {
      await refuseClosed(path, stats);
      return null;
    }
    const mode = Number(stats.mode) & 0o7777;
    const key = `${stats.dev} ${stats.ino}`;
    const known = this.#opened.get(key);
    if (known?.openedMode === mode) return known.mode;
    const need = stats.isDirectory() ? READ_FOLDER : READ_FILE;
    if ((mode & need) === need) return null;
    const openedMode = mode | need;
    await chmod(path, openedMode);
    // What was opened last is put back first, so it must be last here too.
    this.#opened.delete(key);
    this.#opened.set(key, { path, inode: stats.ino, mode, openedMode });
    return mode;
  }

  /** What was opened last is put back first: it may be in what was opened before. */
  async putBack(): Promise<void> {
    const opened = [...this.#opened.values()].reverse();
    this.#opened.clear();
    for (const { path, inode, mode } of opened) {
      const stats = await lstat(path, { bigint: true }).catch(() => null);
      // Somebody else's by now: what was there is gone, and a link would lead elsewhere.
      if (stats?.ino === inode) await chmod(path, mode);
    }
  }
}

async function refuseClosed(path: Buffer, stats: BigIntStats): Promise<void> {
  const need = stats.isDirectory() ? constants.R_OK | constants.X_OK : constants.R_OK;
  await access(path, need).catch(() => {
    throw new TallyError(
      "folder-unreadable",
      `${path.toString()} belongs to another user and cannot be read, so it cannot be kept. Give yourself access to it, then try again.`,
    );
  });
}
