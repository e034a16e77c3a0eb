import type { Stats } from "node:fs";
import { access, chmod, constants } from "node:fs/promises";
import { TallyError } from "../../../protocol/errors.ts";

const READ_FILE = 0o400;
const READ_FOLDER = 0o500;

/** Lets us read what its owner, who we are, may not read, until it is put back. */
export class MadeReadable {
  readonly #modes: { readonly path: Buffer; readonly mode: number }[] = [];

  /** @throws {TallyError} `folder-unreadable` where it is somebody else's, and closed to us */
  async open(path: Buffer, stats: Stats): Promise<void> {
    const uid = process.getuid?.();
    if (uid === undefined || uid === 0) return;
    if (stats.uid !== uid) {
      const need = stats.isDirectory() ? constants.R_OK | constants.X_OK : constants.R_OK;
      await access(path, need).catch(() => {
        throw new TallyError(
          "folder-unreadable",
          `${path.toString()} belongs to another user and cannot be read, so it cannot be kept. Give yourself access to it, then try again.`,
        );
      });
      return;
    }
    const need = stats.isDirectory() ? READ_FOLDER : READ_FILE;
    if ((stats.mode & need) === need) return;
    await chmod(path, (stats.mode & 0o7777) | need);
    this.#modes.push({ path, mode: stats.mode & 0o7777 });
  }

  /** What was opened last is put back first: it may be in what was opened before. */
  async putBack(): Promise<void> {
    for (const { path, mode } of this.#modes.splice(0).reverse()) await chmod(path, mode);
  }
}
