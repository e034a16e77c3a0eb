import { rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export function sessionFileName(sessionId: string): string {
  return `${sessionId}.session.json`;
}

/**
 * Writes a file that only its owner can read. A reader sees the old content or the new; a link in its place is replaced, and never followed.
 */
export async function writePrivately(file: string, text: string): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.tmp`);
  // What a gateway that was killed has left.
  await rm(temporary, { force: true });
  try {
    await writeFile(temporary, text, { flag: "wx", mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
