import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, rename, rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "../../protocol/liveness.ts";
import { parseSpoolName } from "./spool-names.ts";

const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;
/** What was refused is kept for somebody who looks for a fault, not for ever. */
const MAX_REJECTED = { files: 20, bytes: 64 * 1024 * 1024 };

const HALF_WRITTEN = /^\..+\.tmp$/u;
const HALF_WRITTEN_FOR_MS = 60_000;

/** What a file in the spool holds, or why it is not taken. */
export type SpoolContent =
  | { readonly payload: unknown; readonly at: number }
  | { readonly refused: string }
  /** It went away before it could be read. */
  | "absent";

/** Reads a hook's payload. Nothing is followed, and nothing of another user or of another kind than a file is read. */
export async function readPayload(path: string): Promise<SpoolContent> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(codeOf);
  if (file === "ENOENT") return "absent";
  if (typeof file === "string") return { refused: `it cannot be opened (${file})` };
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return { refused: "it is no file" };
    if (stats.uid !== process.getuid?.()) return { refused: "it belongs to another user" };
    if (stats.size > MAX_PAYLOAD_BYTES) return { refused: `it is larger than ${MAX_PAYLOAD_BYTES} bytes` };
    const text = await file.readFile("utf8");
    try {
      return { payload: text === "" ? null : JSON.parse(text), at: Math.floor(stats.mtimeMs) };
    } catch {
      // What JSON.parse says quotes the text, and that is none of a log's business.
      return { refused: "it is no JSON" };
    }
  } finally {
    await file.close();
  }
}

/** When each of these files was written, oldest first; files of one tick of the clock in the order in which their hooks were started. */
export async function byAge<Entry extends { readonly path: string; readonly hookPid: number }>(
  entries: readonly Entry[],
): Promise<Entry[]> {
  const dated: { entry: Entry; writtenNs: bigint }[] = [];
  for (const entry of entries) {
    const stats = await lstat(entry.path, { bigint: true }).catch(codeOf);
    if (typeof stats !== "string") dated.push({ entry, writtenNs: stats.mtimeNs });
  }
  return dated
    .sort((one, other) =>
      one.writtenNs === other.writtenNs
        ? one.entry.hookPid - other.entry.hookPid
        : one.writtenNs < other.writtenNs
          ? -1
          : 1,
    )
    .map(({ entry }) => entry);
}

/** Removes a file. @returns false when there was none. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Moves a file that nobody can make anything of out of the way, and drops the oldest such ones. */
export async function setAside(folder: string, name: string): Promise<void> {
  const rejected = join(folder, REJECTED);
  await mkdir(rejected, { recursive: true, mode: 0o700 });
  await rename(join(folder, name), join(rejected, name));
  const kept = await Promise.all(
    (await readdir(rejected)).map(async (each) => ({
      path: join(rejected, each),
      stats: await lstat(join(rejected, each)),
    })),
  );
  let bytes = 0;
  for (const [index, { path, stats }] of kept.sort((one, other) => other.stats.ctimeMs - one.stats.ctimeMs).entries()) {
    bytes += stats.size;
    if (index >= MAX_REJECTED.files || bytes > MAX_REJECTED.bytes) await rm(path, { force: true, recursive: true });
  }
}

/** Removes what processes that were killed left: replies that nobody fetched, and what was only half written. */
export async function removeRemains(folder: string, names: readonly string[], now: number): Promise<void> {
  for (const name of names) {
    const isHalfWritten = HALF_WRITTEN.test(name);
    if (!isHalfWritten && parseSpoolName(name)?.kind !== "reply") continue;
    const hookPid = Number.parseInt(name.split("~")[3] ?? "", 10);
    if (Number.isNaN(hookPid) || isAlive(hookPid)) continue;
    const path = join(folder, name);
    const stats = await lstat(path).catch(codeOf);
    if (typeof stats === "string" || (isHalfWritten && now - stats.mtimeMs < HALF_WRITTEN_FOR_MS)) continue;
    await removeFile(path);
  }
}

/** The folder, in the spool, of what was set aside. */
export const REJECTED = "rejected";

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
