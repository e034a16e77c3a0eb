import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrations } from "./migrations.ts";

/**
 * Opens the state database and brings it to the current schema.
 *
 * WAL with `synchronous=NORMAL`: a killed gateway loses nothing that was answered, because committed pages are with the
 * operating system; only a power cut can take the last moments, and it never leaves a broken file.
 * @throws when the file was written by a newer Tally.
 */
export function openDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = openPrivately(path);
  db.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;",
  );
  chmodSync(path, 0o600);
  migrate(db, path);
  return db;
}

function migrate(db: DatabaseSync, path: string): void {
  const { user_version: taken } = db.prepare("PRAGMA user_version").get() as { user_version: number };
  if (taken > migrations.length) {
    throw new Error(
      `${path} has schema ${taken}, and this Tally knows ${migrations.length}. Update Tally, or set TALLY_HOME to another folder.`,
    );
  }
  for (const [index, step] of migrations.entries()) {
    if (index < taken) continue;
    db.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}

/** Nobody else's from its first moment on; what SQLite puts beside it has the same mode. The process's own umask is what the person's files get. */
function openPrivately(path: string): DatabaseSync {
  const umask = process.umask(0o077);
  try {
    return new DatabaseSync(path);
  } finally {
    process.umask(umask);
  }
}

const SQLITE_BUSY = 5;

/**
 * Takes the lock that only one gateway of a TALLY_HOME can hold. The operating system releases it with the process,
 * however that ends, so it cannot be left behind.
 * @returns the held lock, or null when another gateway has it.
 */
export function lockInstance(path: string): { release(): void } | null {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = openPrivately(path);
  try {
    db.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE;");
  } catch (error) {
    db.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
  return { release: () => db.close() };
}
