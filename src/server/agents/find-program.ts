import { accessSync, constants, statSync } from "node:fs";
import { delimiter, extname, isAbsolute, resolve, sep } from "node:path";
import { TallyError } from "../../protocol/errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const onWindows = process.platform === "win32";

/**
 * Finds a program as a shell in `cwd` with this environment would: a name with a slash is a path, anything else is
 * searched for on PATH (with PATHEXT on Windows).
 * @returns its absolute path.
 * @throws {TallyError} `program-missing`, or `program-not-executable` when all that is there may not be executed.
 */
export function findProgram(program: string, env: Environment, cwd: string): string {
  const isPath = program.includes("/") || (onWindows && program.includes(sep)) || isAbsolute(program);
  const folders = isPath ? [""] : (pathOf(env) ?? "").split(delimiter).filter((folder) => folder !== "");
  let unusable: string | undefined;
  for (const folder of folders) {
    for (const name of namesOf(program, env)) {
      const candidate = resolve(cwd, folder, name);
      const found = kindOf(candidate);
      if (found === "program") return candidate;
      if (found === "not-executable") unusable ??= candidate;
    }
  }
  if (unusable !== undefined) {
    throw new TallyError("program-not-executable", `${unusable} cannot be executed. Make it executable: chmod +x`, {
      file: unusable,
    });
  }
  throw new TallyError(
    "program-missing",
    isPath ? `There is no program ${resolve(cwd, program)}.` : `"${program}" is not installed, or not on PATH.`,
  );
}

/** Windows spells it `Path` and ignores case. */
function pathOf(env: Environment): string | undefined {
  if (!onWindows) return env["PATH"];
  const name = Object.keys(env).find((key) => key.toUpperCase() === "PATH");
  return name === undefined ? undefined : env[name];
}

function namesOf(program: string, env: Environment): string[] {
  if (!onWindows) return [program];
  const withExtension = (env["PATHEXT"] ?? ".COM;.EXE;.BAT;.CMD").split(";").map((extension) => program + extension);
  return extname(program) === "" ? withExtension : [program, ...withExtension];
}

function kindOf(file: string): "program" | "not-executable" | "missing" {
  try {
    if (!statSync(file).isFile()) return "missing";
  } catch {
    return "missing";
  }
  try {
    accessSync(file, constants.X_OK);
    return "program";
  } catch {
    return "not-executable";
  }
}
