import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname, join, sep } from "node:path";

/** A watch may miss something, and there may be none: network file systems, a system that has given out all it has. */
const LOOK_EVERY_MS = 2_000;
/** A file that is written in many small pieces is looked at once for several. */
const LOOK_AT_MOST_EVERY_MS = 25;

/**
 * Calls `look`, which must not reject, at once and whenever the file at `path` may have changed, never twice at a time. Neither
 * the file nor the folders above it need exist yet.
 */
export function watchPath(path: string, look: () => Promise<void>): { dispose(): void } {
  let watched: { readonly folder: string; readonly inode: number; readonly watcher: FSWatcher } | undefined;
  let isLooking = false;
  let isLookDue = false;
  let isDisposed = false;

  const lookAgain = async () => {
    isLookDue = true;
    if (isLooking) return;
    isLooking = true;
    while (isLookDue && !isDisposed) {
      isLookDue = false;
      await look();
      await new Promise((resolve) => setTimeout(resolve, LOOK_AT_MOST_EVERY_MS).unref());
    }
    isLooking = false;
  };

  const unwatch = () => {
    watched?.watcher.close();
    watched = undefined;
  };

  /** Watches the file's folder or, while there is none, the nearest one above it for the way to appear. */
  const settleWatch = () => {
    for (;;) {
      const { folder, inode } = nearestFolder(dirname(path));
      if (watched?.folder === folder && watched.inode === inode) return;
      unwatch();
      const next = nextOnTheWay(folder, path);
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => {
          if (name !== null && name !== next) return;
          if (folder !== dirname(path)) settleWatch();
          void lookAgain();
        });
        watcher.on("error", unwatch);
        watched = { folder, inode, watcher };
      } catch {
        // The poll goes on without.
        return;
      }
      // Once more: what appeared before the watch was there tells nobody of it.
    }
  };

  const poll = setInterval(() => {
    settleWatch();
    void lookAgain();
  }, LOOK_EVERY_MS).unref();
  settleWatch();
  void lookAgain();

  return {
    dispose() {
      isDisposed = true;
      clearInterval(poll);
      unwatch();
    },
  };
}

/** `folder`, or the first above it that exists. */
function nearestFolder(folder: string): { folder: string; inode: number } {
  try {
    const stats = statSync(folder);
    if (stats.isDirectory()) return { folder, inode: stats.ino };
  } catch {
    // Not there (yet), or not for us to see.
  }
  const above = dirname(folder);
  return above === folder ? { folder, inode: 0 } : nearestFolder(above);
}

/** The name in `folder` that the way to `path` goes through. */
function nextOnTheWay(folder: string, path: string): string {
  if (folder === dirname(path)) return basename(path);
  return path.slice(join(folder, sep).length).split(sep)[0] ?? "";
}
