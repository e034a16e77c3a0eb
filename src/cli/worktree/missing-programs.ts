import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathOf } from "../../client/environment.ts";
import { recipeOf, type TallyJson } from "../../protocol/tally-json.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A line that a `tally.json` runs, whose program nobody finds. */
export interface MissingProgram {
  readonly program: string;
  /** The first of its lines. */
  readonly run: string;
}

/** The programs that the lines of a `tally.json` begin with and that are not on the PATH: such a line can only fail. */
export function missingPrograms(content: TallyJson, isThere: (program: string) => boolean): MissingProgram[] {
  const { setup, processes, prelude } = recipeOf(content);
  // What comes before each line may bring programs along.
  if (prelude !== null) return [];
  const missing = new Map<string, string>();
  for (const { run } of [...setup, ...processes]) {
    const program = firstWord(run);
    if (program !== null && !missing.has(program) && !isThere(program)) missing.set(program, run);
  }
  return [...missing].map(([program, run]) => ({ program, run }));
}

/** The program's name; null where it is a path, or what only a shell can tell. */
function firstWord(line: string): string | null {
  return /^[\w.+-]+(?=\s|$)/.exec(line)?.[0] ?? null;
}

/** Whether a shell of this environment finds the program. */
export function isOnPath(program: string, env: Environment, isWindows = process.platform === "win32"): boolean {
  const endings = isWindows ? ["", ...(env["PATHEXT"] ?? ".COM;.EXE;.BAT;.CMD").split(";")] : [""];
  const folders = pathOf(env)
    .split(delimiter)
    .filter((folder) => folder !== "");
  return folders.some((folder) => endings.some((ending) => isExecutable(join(folder, program + ending))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
