import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onPath } from "../../../scripts/editor/tools.ts";

/** Which Node a program finds: the machine's own (20 in CI), or none, as on the machines of most users. */
export type NodeOnPath = "machine" | "none";

/** What an editor, git and our agents call by name. */
const neededTools = [
  "sh",
  "bash",
  "env",
  "git",
  "ls",
  "cat",
  "uname",
  "id",
  "sed",
  "grep",
  "readlink",
  "dirname",
  "basename",
].concat([
  "mkdir",
  "rm",
  "sleep",
  "true",
  "printf",
  "head",
  "tr",
  "ps",
  "which",
  "stty",
  "tty",
  "chmod",
  "cp",
  "mv",
  "touch",
]);

export interface EnvironmentOptions {
  /** A folder that may be filled: HOME and the folders of PATH are made in it. */
  readonly root: string;
  readonly tallyHome: string;
  readonly node: NodeOnPath;
  readonly more?: Readonly<Record<string, string>>;
}

/** An environment made from nothing, so that no variable and no configuration of the developer's takes part. */
export function cleanEnvironment({ root, tallyHome, node, more = {} }: EnvironmentOptions): NodeJS.ProcessEnv {
  const home = more["HOME"] ?? join(root, "user");
  const bin = join(root, "bin");
  const path = more["PATH"] ?? bin;
  mkdirSync(home, { recursive: true });
  // The editor asks a login shell for its environment, and the system's profile sets PATH anew.
  writeFileSync(join(home, ".profile"), `PATH='${path}'; export PATH\n`);
  mkdirSync(bin, { recursive: true });
  for (const tool of neededTools) linkTool(bin, tool, onPath(tool));
  if (node === "machine") linkTool(bin, "node", onPath("node"));
  return {
    HOME: home,
    LANG: "C.UTF-8",
    PATH: path,
    SHELL: join(bin, "bash"),
    TERM: "xterm-256color",
    TALLY_HOME: tallyHome,
    GIT_CONFIG_NOSYSTEM: "1",
    ...more,
  };
}

function linkTool(bin: string, name: string, target: string | undefined): void {
  const link = join(bin, name);
  if (target && !existsSync(link)) symlinkSync(target, link);
}
