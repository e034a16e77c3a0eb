import { setTimeout as delay } from "node:timers/promises";
import { countFiles } from "./count-files.ts";
import type { Seen } from "./look.ts";
import type { Entry } from "./manifest.ts";
import { plainGit } from "./object-store.ts";
import type { Raw } from "./raw-path.ts";
import { ANYBODY, makeObjectFolders, type Readers, readersOf } from "./readers.ts";
import type { Found } from "./walk.ts";
import { type FoundFile, writeBlobs } from "./write-blobs.ts";

/**
 * What is written to a file within one tick of the system's clock leaves it with the same time. So files are read a tick after their time
 * was, and what is written afterwards shows.
 */
const TICK_MS = 20;

interface Places {
  readonly commonDir: string;
  readonly adminDir: string;
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((detail: string) => void) | undefined;
}

export interface KeptEntries {
  readonly folder: Entry[];
  readonly admin: Entry[];
  /** Who may read all of it. */
  readonly readers: Readers;
}

/** Writes the files of a worktree into the repository; when it is called again, only those that have changed since. */
export class KeptFiles {
  readonly #places: Places;
  readonly #inFolder = new Map<Raw, { readonly stamp: string; readonly blob: string }>();
  readonly #inAdmin = new Map<Raw, { readonly stamp: string; readonly blob: string }>();
  #hasObjectFolders = false;

  constructor(places: Places) {
    this.#places = places;
  }

  /** What was written is not there any more. */
  forget(): void {
    this.#inFolder.clear();
    this.#inAdmin.clear();
    this.#hasObjectFolders = false;
  }

  async keep({ folder, admin, at }: Seen): Promise<KeptEntries> {
    const { folder: root, adminDir, onProgress } = this.#places;
    const found = folder?.found ?? [];
    const newInFolder = newFiles(found, this.#inFolder);
    const newInAdmin = newFiles(admin.found, this.#inAdmin);
    const tell = countFiles(newInFolder.length + newInAdmin.length, onProgress);
    await delay(Math.max(0, at + TICK_MS - Date.now()));
    const readers = [
      await this.#write(root, newInFolder, this.#inFolder, readersOf(found), tell),
      await this.#write(adminDir, newInAdmin, this.#inAdmin, readersOf(admin.found), tell),
    ];
    return {
      folder: withBlobs(found, this.#inFolder),
      admin: withBlobs(admin.found, this.#inAdmin),
      readers: readers.reduce((all, each) => all & each, ANYBODY),
    };
  }

  async #write(
    root: string,
    files: readonly FoundFile[],
    blobs: Map<Raw, { readonly stamp: string; readonly blob: string }>,
    readers: ReadonlyMap<Raw, Readers>,
    tell: (count: number) => void,
  ): Promise<Readers> {
    const { commonDir, signal } = this.#places;
    const all = [...readers.values()].reduce((common, each) => common & each, ANYBODY);
    if (all !== ANYBODY && !this.#hasObjectFolders && process.platform !== "win32") {
      await makeObjectFolders(commonDir);
      this.#hasObjectFolders = true;
    }
    await writeBlobs(plainGit(commonDir, signal), root, files, {
      signal,
      readers: (path) => readers.get(path) ?? 0,
      onBlobs: (part, ids) => {
        part.forEach(({ path, stamp }, index) => blobs.set(path, { stamp, blob: ids[index] ?? "" }));
        tell(part.length);
      },
    });
    return all;
  }
}

function newFiles(found: readonly Found[], known: ReadonlyMap<Raw, { readonly stamp: string }>): FoundFile[] {
  return found.filter((entry) => entry.type === "file").filter(({ path, stamp }) => known.get(path)?.stamp !== stamp);
}

function withBlobs(found: readonly Found[], blobs: ReadonlyMap<Raw, { readonly blob: string }>): Entry[] {
  return found.map((entry) => (entry.type === "file" ? { ...entry, blob: blobs.get(entry.path)?.blob ?? "" } : entry));
}
