import { join } from "node:path";
import type { WorktreeRecipe } from "../../protocol/tally-json.ts";
import { parseTallyJson, recipeOf, TALLY_JSON } from "../../protocol/tally-json.ts";
import { runGit } from "./git.ts";
import { readTallyJson, type TallyJsonText } from "./tally-json-file.ts";

/** Where a project's `tally.json` is looked for. */
export interface RecipePlace {
  readonly mainPath: string;
  readonly commonDir: string;
  readonly isBare: boolean;
}

export interface ReadRecipe {
  /** The empty one where there is no file, or a wrong one. */
  readonly recipe: WorktreeRecipe;
  /** Where the file is, or would be. */
  readonly path: string;
  /** What is wrong with it and what to do, for a person; null when all is well, or there is no file. */
  readonly problem: string | null;
}

const noRecipe = recipeOf({ personas: [], symlink: [], ports: [], setup: [], teardown: [], processes: {} });

/**
 * How worktrees are made, as the main checkout's `tally.json` says, read anew. A bare repository has no files of its own: there it is
 * that of a commit.
 * @param commit the one that is going to be checked out; used for a bare repository only.
 */
export async function readRecipe(place: RecipePlace, commit: string | null): Promise<ReadRecipe> {
  const path = join(place.mainPath, TALLY_JSON);
  const read = await (place.isBare ? readCommitted(place, commit) : readTallyJson(path));
  if (read === null) return { recipe: noRecipe, path, problem: null };
  const parsed = "problem" in read ? read : parseTallyJson(read.text);
  if ("problem" in parsed) return { recipe: noRecipe, path, problem: `${parsed.problem} It is in ${place.mainPath}.` };
  return { recipe: recipeOf(parsed.content), path, problem: null };
}

/** Null when the commit has none. */
async function readCommitted({ commonDir }: RecipePlace, commit: string | null): Promise<TallyJsonText | null> {
  if (commit === null) return null;
  const { code, stdout } = await runGit(["show", `${commit}:${TALLY_JSON}`], { cwd: commonDir, okCodes: [0, 128] });
  return code === 0 ? { text: stdout.toString("utf8") } : null;
}
