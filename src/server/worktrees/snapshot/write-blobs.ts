import { type PlainGit, throwIfCancelled } from "./object-store.ts";
import { bytePath, quotedForGit } from "./raw-path.ts";
import type { Entry } from "./manifest.ts";
import type { Found } from "./walk.ts";

type FoundFile = Extract<Found, { type: "file" }>;

/** So many files, and about so many bytes, are handed to git at once: between two parts progress is told and cancelling works. */
const PART = { files: 2_000, bytes: 256 * 1024 * 1024 };

/** Writes what is in these files into the repository, as it is on the disk: no filter, no line endings. */
export async function writeBlobs(
  git: PlainGit,
  root: string,
  found: readonly Found[],
  options: { readonly signal?: AbortSignal | undefined; readonly onFiles: (count: number) => void },
): Promise<Entry[]> {
  const files = found.filter((entry) => entry.type === "file");
  const blobs = new Map<string, string>();
  for (const part of inParts(files, PART)) {
    throwIfCancelled(options.signal);
    const input = part.map(({ path }) => `${quotedForGit(bytePath(root, path))}\n`).join("");
    const { stdout } = await git(["hash-object", "-w", "--no-filters", "--stdin-paths"], { input });
    const ids = stdout.toString("latin1").split("\n");
    part.forEach(({ path }, index) => blobs.set(path, ids[index] ?? ""));
    options.onFiles(part.length);
  }
  return found.map((entry) => (entry.type === "file" ? { ...entry, blob: blobs.get(entry.path) ?? "" } : entry));
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
