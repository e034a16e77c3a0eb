import { posix, win32 } from "node:path";

const posixNames = /^\/(etc|bin|sbin|boot|dev|proc|sys)?(\/|$)/;
const posixNamesAnyCase = new RegExp(posixNames.source, "i");
const windowsNames = /^[a-z]:\\((windows|program files( \(x86\))?|programdata)(\\|$)|$)/i;

/**
 * Whether a path names a folder of an operating system, of whichever and however it is spelled, and whether or not it is there. Where
 * links lead is not looked at: {@link ../sessions/folders.ts workingFolder} does.
 */
export function namesSystemFolder(path: string): boolean {
  const names = process.platform === "linux" ? posixNames : posixNamesAnyCase;
  if (path.startsWith("/") && names.test(withoutDoubleSlashes(posix.normalize(path)))) return true;
  return windowsNames.test(windowsSpelling(path));
}

/** `posix.normalize` leaves one trailing slash, and keeps the leading two that POSIX allows a meaning. */
function withoutDoubleSlashes(path: string): string {
  return path.replace(/^\/+/, "/");
}

/** Without the prefix that lifts limits, without dots and slashes for backslashes, nor what Windows ignores at the end of a name. */
function windowsSpelling(path: string): string {
  const plain = win32.normalize(path).replace(/^\\\\[?.]\\/, "");
  return plain.replace(/[. ]+(?=\\|$)/g, "").replace(/(?<!:)\\+$/, "");
}
