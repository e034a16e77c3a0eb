import { access, constants, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Where a shell with this PATH finds the program; null when it does not. */
export async function programOnPath(program: string, path: string): Promise<string | null> {
  const names =
    process.platform === "win32" ? [".exe", ".cmd", ".bat", ".com"].map((ending) => program + ending) : [program];
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const name of names) {
      const file = join(folder, name);
      if (await isProgram(file)) return file;
    }
  }
  return null;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
