import { readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Persona } from "../../protocol/limits.ts";
import { parseTallyJson, TALLY_JSON } from "../../protocol/tally-json.ts";
import { repositoryOf } from "../worktrees/repository.ts";

/** The personas that a folder's repository brings. */
export interface RepositoryPersonas {
  /** The worktree's folder; outside of git the folder itself. Relative paths are relative to it. */
  readonly root: string;
  /** What identifies the project: its common git directory, or the folder. */
  readonly project: string;
  readonly personas: readonly Persona[];
  /** Why there are none, for a person; null when all is well, or there is no file. */
  readonly problem: string | null;
}

const MAX_BYTES = 64 * 1024;

/** What `tally.json` at the root of the worktree that holds `cwd` says, read anew. */
export async function repositoryPersonas(cwd: string): Promise<RepositoryPersonas> {
  const folder = await realpath(cwd).catch(() => cwd);
  const repository = await repositoryOf(folder).catch(() => null);
  const root = repository ? (repository.linkedWorktree?.path ?? repository.mainPath) : folder;
  const project = repository?.commonDir ?? folder;
  const read = await readTallyJson(join(root, TALLY_JSON));
  if (read === null) return { root, project, personas: [], problem: null };
  const parsed = "problem" in read ? read : parseTallyJson(read.text);
  if ("problem" in parsed) return { root, project, personas: [], problem: `${parsed.problem} It is in ${root}.` };
  return { root, project, personas: parsed.content.personas, problem: null };
}

/** Null when there is none. */
async function readTallyJson(path: string): Promise<{ readonly text: string } | { readonly problem: string } | null> {
  try {
    const found = await stat(path);
    // A repository says what lies there: a device, or a pipe that nobody writes to, would never end.
    if (!found.isFile()) return { problem: `${TALLY_JSON} is not a file. Replace it, or remove it.` };
    if (found.size > MAX_BYTES) return { problem: `${TALLY_JSON} is larger than 64 kB. Shorten it.` };
    return { text: await readFile(path, "utf8") };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    return { problem: `${TALLY_JSON} cannot be read (${code ?? String(error)}). Change its permissions.` };
  }
}
