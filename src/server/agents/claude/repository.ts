import { basename, dirname, join, resolve } from "node:path";

/**
 * The main checkout of the git repository that `cwd` is in, also from a linked worktree; null outside of any.
 * Claude Code keeps local settings there.
 */
export function mainCheckout(cwd: string, readText: (path: string) => string | null): string | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (readText(join(folder, ".git", "HEAD")) !== null) return folder;
    const gitDir = /^gitdir: (.+)$/m.exec(readText(join(folder, ".git")) ?? "")?.[1];
    if (gitDir !== undefined) return linkedTo(resolve(folder, gitDir), readText) ?? folder;
    if (folder === dirname(folder)) return null;
  }
}

/** Null for a submodule, which is a checkout of its own. */
function linkedTo(gitDir: string, readText: (path: string) => string | null): string | null {
  const commonDir = readText(join(gitDir, "commondir"))?.trim();
  if (!commonDir) return null;
  const common = resolve(gitDir, commonDir);
  return basename(common) === ".git" ? dirname(common) : null;
}
