import { type PlainGit, throwIfCancelled } from "./object-store.ts";
import { bytePath, quotedForGit, type Raw } from "./raw-path.ts";
import { closedTo, type Readers } from "./readers.ts";
import type { Found } from "./walk.ts";

export type FoundFile = Extract<Found, { type: "file" }>;

/** So many files, and about so many bytes, are handed to git at once: between two parts progress is told and cancelling works. */
const PART = { files: 2_000, bytes: 256 * 1024 * 1024 };

export interface WriteBlobsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Who may read what is written. */
  readonly readers: (path: Raw) => Readers;
  readonly onBlobs: (part: readonly FoundFile[], blobs: readonly string[]) => void;
}

/** Writes what is in these files into the repository, as it is on the disk: no filter, no line endings. */
export async function writeBlobs(
  git: PlainGit,
  root: string,
  files: readonly FoundFile[],
  options: WriteBlobsOptions,
): Promise<void> {
  const { signal, readers, onBlobs } = options;
  for (const bits of new Set(files.map(({ path }) => readers(path)))) {
    const alike = files.filter(({ path }) => readers(path) === bits);
    for (const part of inParts(alike, PART)) {
      throwIfCancelled(signal);
      onBlobs(part, await blobsOf(git, root, part, [...closedTo(bits), "hash-object", "-w"]));
    }
  }
}

/** The ids of what is in these files, without writing it. */
export function hashFiles(git: PlainGit, root: string, files: readonly FoundFile[]): Promise<string[]> {
  return blobsOf(git, root, files, ["hash-object"]);
}

async function blobsOf(
  git: PlainGit,
  root: string,
  files: readonly FoundFile[],
  command: readonly string[],
): Promise<string[]> {
  const input = files.map(({ path }) => `${quotedForGit(bytePath(root, path))}\n`).join("");
  const { stdout } = await git([...command, "--no-filters", "--stdin-paths"], { input });
  return stdout.toString("latin1").split("\n").slice(0, files.length);
}

/** Splits a list of files, so that no part has more of them, or more bytes. */
export function inParts<F extends Pick<FoundFile, "size">>(files: readonly F[], limit: typeof PART): F[][] {
  const parts: F[][] = [];
  let bytes = Infinity;
  for (const file of files) {
    const last = parts.at(-1);
    if (last && last.length < limit.files && bytes + file.size <= limit.bytes) {
      last.push(file);
      bytes += file.size;
    } else {
      parts.push([file]);
      bytes = file.size;
    }
  }
  return parts;
}
