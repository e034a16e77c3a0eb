import { lstatSync, mkdirSync } from "node:fs";
import { userInfo } from "node:os";

/**
 * Makes `path` a folder that only we can enter, and makes sure that it is one: in a shared temporary folder somebody else may
 * have put something there first. Throws when it is not ours alone.
 */
export function ensurePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (process.platform === "win32") return;
  const stats = lstatSync(path);
  const mode = stats.mode & 0o777;
  if (!stats.isDirectory()) throw new Error(`${path} is not a folder`);
  if (stats.uid !== userInfo().uid) throw new Error(`${path} belongs to another user`);
  if (mode !== 0o700) throw new Error(`${path} is open to others (mode ${mode.toString(8)}); it must have mode 700`);
}
