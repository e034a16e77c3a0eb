import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Persona } from "../../protocol/limits.ts";
import { parseTallyJson, TALLY_JSON } from "../../protocol/tally-json.ts";
import { repositoryOf } from "../worktrees/repository.ts";
import { readTallyJson } from "../worktrees/tally-json-file.ts";

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
