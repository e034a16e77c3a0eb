import { mkdirSync, readFileSync, realpathSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withExcludeBlock } from "./exclude-block.ts";
import { plainPath } from "./folders-inside.ts";
import { SESSIONS_FILE } from "./sessions-file.ts";

/** The line that keeps the copies of a project's sessions out of git. */
export const HISTORY_LINE = "/.tally/sessions/";

/**
 * The lines that keep Tally's own file and the links of worktrees out of git: the usual pattern `node_modules/` is for folders, and
 * a link is none.
 */
export function excludeLines({ shared }: { readonly shared: readonly string[] }): string[] {
  const paths = shared.map(plainPath).filter((path) => path !== "" && !/[\r\n]/.test(path));
  return [...new Set([SESSIONS_FILE, ...paths])].map((path) => `/${asPattern(path)}`);
}

function asPattern(path: string): string {
  return path.replace(/[\\*?[]/g, "\\$&").replace(/ +$/, (spaces) => "\\ ".repeat(spaces.length));
}

/**
 * Has git leave these paths alone in all worktrees of a repository: a block of lines in its `info/exclude`. Without lines the file is
 * as it was before, and goes if it was not there.
 */
export function keepExcluded(commonDir: string, lines: readonly string[]): Promise<void> {
  return Promise.resolve().then(() => keepExcludedNow(commonDir, lines));
}

/** In one go, so that of two that are under way neither loses what the other one wrote. */
function keepExcludedNow(commonDir: string, lines: readonly string[]): void {
  const file = excludeFile(commonDir);
  const before = readOrNull(file);
  // Latin 1 takes bytes for characters, whatever they mean.
  const after = withExcludeBlock(
    before,
    lines.map((line) => Buffer.from(line, "utf8").toString("latin1")),
  );
  if (after === before) return;
  if (after === null) {
    rmSync(file);
    removeIfEmpty(dirname(file));
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeAtomically(file, Buffer.from(after, "latin1"), before === null ? 0o666 : statSync(file).mode);
  }
}

/** Some have it as a link to a file of their own: that is what is changed, and the link stays. */
function excludeFile(commonDir: string): string {
  const path = join(commonDir, "info", "exclude");
  try {
    return realpathSync(path);
  } catch {
    // It is not there yet.
    return path;
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "latin1");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function writeAtomically(file: string, content: Buffer, mode: number): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content, { mode: mode & 0o777 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Git's folder `info` is one of those that it does without. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something else is in it.
  }
}
