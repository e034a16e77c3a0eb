import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { parse, sep } from "node:path";
import { TallyError } from "../../protocol/errors.ts";

const posixSystemFolders = ["/etc", "/bin", "/sbin", "/boot", "/dev", "/proc", "/sys"];
const windowsSystemFolders = ["\\Windows", "\\Program Files", "\\Program Files (x86)", "\\ProgramData"];

/** Folders where no agent has any business: the root, and those that the operating system itself lives in. */
export function isSystemFolder(path: string, platform: NodeJS.Platform = process.platform): boolean {
  const { root } = parse(path);
  if (path === root) return true;
  const isWindows = platform === "win32";
  const rest = isWindows ? path.slice(root.length - 1).toLowerCase() : path;
  const folders = isWindows ? windowsSystemFolders.map((folder) => folder.toLowerCase()) : posixSystemFolders;
  return folders.some((folder) => rest === folder || rest.startsWith(folder + (isWindows ? sep : "/")));
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
  if (!standsThere && (isSystemFolder(real) || isSystemFolder(path))) {
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
