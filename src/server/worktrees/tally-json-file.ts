import { readFile, stat } from "node:fs/promises";
import { TALLY_JSON } from "../../protocol/tally-json.ts";

/** What the file holds, or why it can not be read, for a person. */
export type TallyJsonText = { readonly text: string } | { readonly problem: string };

export const MAX_TALLY_JSON_BYTES = 64 * 1024;

/** The text of a `tally.json`. Null when there is none. */
export async function readTallyJson(path: string): Promise<TallyJsonText | null> {
  try {
    const found = await stat(path);
    // A repository says what lies there: a device, or a pipe that nobody writes to, would never end.
    if (!found.isFile()) return { problem: `${TALLY_JSON} is not a file. Replace it, or remove it.` };
    if (found.size > MAX_TALLY_JSON_BYTES) return tooLarge();
    return { text: await readFile(path, "utf8") };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    return { problem: `${TALLY_JSON} cannot be read (${code ?? String(error)}). Change its permissions.` };
  }
}

export function tooLarge(): TallyJsonText {
  return { problem: `${TALLY_JSON} is larger than 64 kB. Shorten it.` };
}
