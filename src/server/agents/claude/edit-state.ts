import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { type JsonObject, parseExactly, writeLike } from "./exact-json.ts";

/** Claude Code takes a lock that is older than this for one whose owner has died, and removes it. */
const STALE_LOCK_MS = 10_000;
const TRIES = 60;
/** One that writes in place is done sooner. */
const TRIES_WHILE_BROKEN = 10;
const RETRY_MS = 50;
/** So long after our own write one of Claude Code can still come that does not know of it: it writes without the lock when it is taken. */
const SETTLES_MS = 150;

type Attempt = "done" | "written" | "locked" | "overtaken" | "broken" | "none" | { readonly problem: string };

/**
 * Changes the file in which Claude Code keeps its state, while any number of Claude Codes write to it. Its own lock is held from
 * reading to writing, the file is replaced whole, and afterwards it is looked at whether the change is still there.
 * @param change answers null when nothing has to change. Called again for every attempt.
 * @returns why it could not be done, for a person; null when it is done, or there is no such file.
 */
export async function editState(
  path: string,
  change: (state: JsonObject) => JsonObject | null,
): Promise<string | null> {
  let last: Attempt = "none";
  for (let tries = 0; tries < (last === "broken" ? TRIES_WHILE_BROKEN : TRIES); tries++) {
    last = attempt(path, change);
    if (last === "done" || last === "none") return null;
    if (typeof last === "object") return last.problem;
    await wait(last === "written" ? SETTLES_MS : RETRY_MS * (0.5 + Math.random()));
  }
  if (last === "broken") return `${path} is not valid JSON, so it was left as it is. Start claude once: it repairs it.`;
  return `${path} is written to all the time, so it was left as it is. Claude Code asks for permission itself.`;
}

/** Synchronous from the lock on, so that it is held for moments only. */
function attempt(path: string, change: (state: JsonObject) => JsonObject | null): Attempt {
  // It is looked at without the lock first: mostly there is nothing to do, and nobody is kept waiting.
  const seen = read(path);
  if (typeof seen === "string" || "problem" in seen) return seen;
  if (change(seen.state) === null) return "done";
  // As Claude Code does, beside the file by the name that it is asked for, also where that is a link.
  const lock = `${path}.lock`;
  try {
    mkdirSync(lock);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") return problem(path, error);
    removeStale(lock);
    return "locked";
  }
  try {
    return replace(path, change);
  } catch (error) {
    return problem(path, error);
  } finally {
    rmdirSync(lock);
  }
}

function replace(path: string, change: (state: JsonObject) => JsonObject | null): Attempt {
  const target = realpathSync(path);
  const before = statSync(target, { bigint: true });
  const found = read(path);
  if (typeof found === "string" || "problem" in found) return found;
  const changed = change(found.state);
  if (changed === null) return "done";
  const temporary = `${target}.tally-${randomBytes(6).toString("hex")}`;
  try {
    writeWhole(temporary, writeLike(found.text, changed), Number(before.mode & 0o777n));
    const now = statSync(target, { bigint: true });
    if (now.ino !== before.ino || now.size !== before.size || now.mtimeNs !== before.mtimeNs) return "overtaken";
    renameSync(temporary, target);
    return "written";
  } finally {
    rmSync(temporary, { force: true });
  }
}

type Found = { readonly text: string; readonly state: JsonObject } | { readonly problem: string } | "none" | "broken";

function read(path: string): Found {
  try {
    const text = readFileSync(path, "utf8");
    const state = parseExactly(text);
    return state === null ? "broken" : { text, state };
  } catch (error) {
    return codeOf(error) === "ENOENT" ? "none" : problem(path, error);
  }
}

function writeWhole(path: string, text: string, mode: number): void {
  const file = openSync(path, "wx", mode);
  try {
    fchmodSync(file, mode);
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function removeStale(lock: string): void {
  try {
    if (statSync(lock).mtimeMs < Date.now() - STALE_LOCK_MS) rmdirSync(lock);
  } catch {
    // Somebody else has removed it.
  }
}

function problem(path: string, error: unknown): { readonly problem: string } {
  const why = codeOf(error) ?? String(error);
  return {
    problem: `${path} could not be changed (${why}), so it was left as it is. Claude Code asks for permission itself.`,
  };
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
