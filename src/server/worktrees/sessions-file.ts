import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";
import { TallyError } from "../../protocol/errors.ts";
import { parseJson } from "../../protocol/json.ts";
import { type PortLease, portLeaseSchema } from "../../protocol/worktrees.ts";

/** At the root of the main checkout: its worktrees and their ports, for scripts and agents that read it. */
export const SESSIONS_FILE = ".tally-sessions";

export interface SessionsFileEntry {
  readonly name: string;
  /** An absolute path. */
  readonly worktree: string;
  readonly branch: string | null;
  readonly ports: readonly PortLease[];
}

const MAX_BYTES = 1024 * 1024;

const fileSchema = z.record(z.string(), z.unknown());

const entrySchema = z.looseObject({ worktree: z.string().min(1), branch: z.string().min(1).nullable().catch(null) });

/** A script may have written it as a string. */
const portSchema = z.coerce.number().pipe(portLeaseSchema.shape.port);

const PORT_ENDING = "_port";

/** By name; what somebody else wrote may be anything. */
type Content = ReadonlyMap<string, unknown>;

/**
 * The worktrees that the file names, whoever wrote it. What is no entry is left out.
 * @returns what is wrong with the file too, and what to do, for a person; null when nothing is, or there is no file
 */
export function readSessionsFile(
  mainPath: string,
): Promise<{ readonly entries: SessionsFileEntry[]; readonly problem: string | null }> {
  return Promise.resolve().then(() => {
    const read = readContent(join(mainPath, SESSIONS_FILE));
    if ("problem" in read) return { entries: [], problem: read.problem };
    const entries = [...read.content].map(([name, value]) => entryFrom(mainPath, name, value));
    return { entries: entries.filter((entry) => entry !== null), problem: null };
  });
}

function entryFrom(mainPath: string, name: string, value: unknown): SessionsFileEntry | null {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success || name === "") return null;
  const { worktree, branch, ...others } = parsed.data;
  const ports = Object.entries(others).flatMap(([key, given]) => {
    const port = portSchema.safeParse(given);
    const isPort = key.endsWith(PORT_ENDING) && key !== PORT_ENDING && port.success;
    return isPort ? [{ name: key.slice(0, -PORT_ENDING.length), port: port.data }] : [];
  });
  return { name, worktree: resolve(mainPath, worktree), branch, ports };
}

/**
 * Writes these entries, in place of those that Tally wrote earlier. Entries of others stay as they are; when none is left, the file goes.
 * @param written the names under which Tally has written entries so far
 * @throws {TallyError} `internal` when something else is there than a file that can be read: it is left alone
 */
export function writeSessionsFile(
  mainPath: string,
  entries: readonly SessionsFileEntry[],
  written: readonly string[],
): Promise<void> {
  return Promise.resolve().then(() => {
    const file = join(mainPath, SESSIONS_FILE);
    const read = readContent(file);
    if ("problem" in read) throw new TallyError("internal", read.problem);
    const content = new Map(read.content);
    const named = new Set(entries.map(({ name }) => name));
    for (const name of written) if (!named.has(name)) content.delete(name);
    for (const entry of entries) content.set(entry.name, valueOf(entry));
    const text = content.size === 0 ? null : `${JSON.stringify(Object.fromEntries(content), null, 2)}\n`;
    if (text === read.text) return;
    if (text === null) rmSync(file);
    else writeAtomically(file, text);
  });
}

function valueOf({ worktree, branch, ports }: SessionsFileEntry): Readonly<Record<string, unknown>> {
  const leased = ports.map(({ name, port }) => [`${name}${PORT_ENDING}`, port] as const);
  return { ...Object.fromEntries(leased), worktree, branch };
}

/** In one go with what is written then: two that are under way do not lose each other's entries. */
function readContent(
  file: string,
): { readonly content: Content; readonly text: string | null } | { readonly problem: string } {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (!there) return { content: new Map(), text: null };
  // Whoever makes it a link has Tally read, or replace, what they may not.
  if (!there.isFile()) return { problem: `${file} is not a plain file. Remove it, and Tally writes it anew.` };
  if (there.size > MAX_BYTES) return { problem: `${file} is larger than 1 MB. Shorten it, or remove it.` };
  const text = readFileSync(file, "utf8");
  if (text.trim() === "") return { content: new Map(), text };
  const parsed = fileSchema.safeParse(parseJson(text));
  if (!parsed.success) return { problem: `${file} is not a JSON object. Correct it, or remove it.` };
  return { content: new Map(Object.entries(parsed.data)), text };
}

/** A reader sees the old content or the new. */
function writeAtomically(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
