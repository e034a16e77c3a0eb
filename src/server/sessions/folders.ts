import { constants, realpathSync } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { parse, sep } from "node:path";
import { TallyError } from "../../protocol/errors.ts";

const posixSystemFolders = ["/etc", "/bin", "/sbin", "/boot", "/dev", "/proc", "/sys"];
const windowsSystemFolders = ["Windows", "Program Files", "Program Files (x86)", "ProgramData"];

/**
 * Folders where no agent has any business: the root, and those that the operating system itself lives in.
 * @param path canonical: links are resolved.
 */
export function isSystemFolder(path: string): boolean {
  const { root } = parse(path);
  if (path === root) return true;
  const names = process.platform === "win32" ? windowsSystemFolders.map((name) => root + name) : posixSystemFolders;
  // Where these are links themselves (/bin to /usr/bin, macOS's /etc), what they lead to is meant as well.
  return [...names, ...names.map(canonical)].some((folder) => isWithin(path, folder));
}

function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not every system has all of them.
    return path;
  }
}

function isWithin(path: string, folder: string): boolean {
  const fold = (text: string) => (process.platform === "linux" ? text : text.toLowerCase());
  return fold(path) === fold(folder) || fold(path).startsWith(fold(folder + sep));
}

/**
 * The canonical path of a working directory.
 * @param standsThere the caller already is in that folder (a CLI), so a system folder is its own choice.
 * @throws {TallyError} `folder-missing`, `not-a-folder`, `folder-unreadable`, `system-folder`
 */
export async function workingFolder(path: string, standsThere: boolean): Promise<string> {
  const real = await realpath(path).catch((error: unknown) => {
    throw folderError(path, error);
  });
  const { isDirectory } = await stat(real).then((found) => ({ isDirectory: found.isDirectory() }));
  if (!isDirectory) throw new TallyError("not-a-folder", `${path} is not a folder. Name the folder to work in.`);
  if (!standsThere && isSystemFolder(real)) {
    throw new TallyError("system-folder", `${path} belongs to the operating system. Choose a project's folder.`);
  }
  await access(real, constants.R_OK | constants.X_OK).catch((error: unknown) => {
    throw folderError(path, error);
  });
  return real;
}

function folderError(path: string, error: unknown): TallyError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EACCES" || code === "EPERM") {
    return new TallyError("folder-unreadable", `You may not enter ${path}. Change its permissions or choose another.`);
  }
  if (code === "ENOTDIR") return new TallyError("not-a-folder", `${path} is not a folder. Name the folder to work in.`);
  return new TallyError("folder-missing", `There is no folder ${path}. Create it, or choose another.`);
}
