import { access, constants, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { TallyError } from "../protocol/errors.ts";

const MARK = "# Written by the Tally extension for VS Code.";

export interface WrapperOptions {
  /** Folders the wrapper may go into, the preferred one first; the first of them is created when it is missing. */
  readonly folders: readonly string[];
  /** The launcher that it runs, `$TALLY_HOME/bin/tally`. */
  readonly launcher: string;
  /** The PATH of the person's shells. */
  readonly path: string;
}

export interface WrittenWrapper {
  readonly file: string;
  readonly isOnPath: boolean;
}

/**
 * Puts a small `tally` where shells outside the editor find it. It goes into the first folder that is on PATH and
 * writable, else into the first that is writable.
 * @throws {TallyError} `invalid-request` when none is writable, or a `tally` of somebody else is there.
 */
export async function writeCliWrapper({ folders, launcher, path }: WrapperOptions): Promise<WrittenWrapper> {
  const onPath = new Set(
    path
      .split(delimiter)
      .filter(Boolean)
      .map((folder) => resolve(folder)),
  );
  const candidates = [...folders].sort((a, b) => Number(onPath.has(resolve(b))) - Number(onPath.has(resolve(a))));
  for (const folder of candidates) {
    const file = join(folder, "tally");
    if (!(await isWritable(folder, folder === folders[0]))) continue;
    const current = await readFile(file, "utf8").catch(() => null);
    if (current !== null && !current.includes(MARK)) {
      throw new TallyError(
        "invalid-request",
        `There is another program at ${file}, which Tally leaves alone. Move it away, or call Tally by its own path: ${launcher}`,
      );
    }
    await writeExecutable(file, wrapperScript(launcher));
    return { file, isOnPath: onPath.has(resolve(folder)) };
  }
  throw new TallyError(
    "invalid-request",
    `None of ${folders.join(", ")} can be written to. Add ${dirname(launcher)} to your PATH instead.`,
  );
}

/** A shell script that becomes the launcher, wherever `$TALLY_HOME` is. */
function wrapperScript(launcher: string): string {
  return `#!/bin/sh\n${MARK}\nexec '${launcher.replaceAll("'", `'\\''`)}' "$@"\n`;
}

async function isWritable(folder: string, mayCreate: boolean): Promise<boolean> {
  try {
    if (mayCreate) await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return true;
  } catch {
    // Missing or not ours: the next folder may do.
    return false;
  }
}

async function writeExecutable(file: string, content: string): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, content, { mode: 0o755 });
  await rename(partial, file);
}
