import { delimiter } from "node:path";
import { pathOf } from "../environment.ts";
import { type Finding, ok, warning } from "./finding.ts";
import type { LoginShell } from "./login-shell.ts";
import type { DoctorPlace } from "./place.ts";
import { programOnPath } from "./program-on-path.ts";
import { runBriefly } from "./run-briefly.ts";

const MAX_NAMED_FOLDERS = 5;
const TIMEOUT_MS = 10_000;

/** The caller's PATH against that of a login shell, and the programs on it that are no agents: `tally`, `git`, Node. */
export async function* checkPath(place: DoctorPlace, shell: LoginShell | null): AsyncGenerator<Finding> {
  const path = pathOf(place.env);
  if (shell) yield comparePaths(place.caller, path, shell);
  yield await checkTally(place, shell?.path ?? path);
  yield await checkGit(place, path);
  yield await checkNode(place, path);
}

/** What only one of the two has is no fault by itself: it explains why a program is found here and not there. */
export function comparePaths(caller: DoctorPlace["caller"], own: string, { name, path }: LoginShell): Finding {
  if (path === null) {
    return warning(
      "PATH",
      `a login shell (${name}) does not tell its PATH`,
      "Its startup files may wait for something, or fail. Open a new terminal and see.",
    );
  }
  const here = new Set(foldersOf(own));
  const missing = foldersOf(path).filter((folder) => !here.has(folder));
  if (missing.length === 0) return ok("PATH", `has all that a login shell (${name}) has`);
  const named = missing.slice(0, MAX_NAMED_FOLDERS).join(", ");
  const more = missing.length > MAX_NAMED_FOLDERS ? ` and ${missing.length - MAX_NAMED_FOLDERS} more` : "";
  return ok(
    "PATH",
    `a login shell (${name}) has besides: ${named}${more}`,
    `Programs there are not found: ${again(caller)}`,
  );
}

/** How the caller gets the PATH that a login shell has now. */
export function again(caller: DoctorPlace["caller"]): string {
  return caller === "editor" ? "quit the editor, all its windows, and start it again." : "open a new terminal.";
}

function foldersOf(path: string): string[] {
  const folders = path.split(delimiter).filter(Boolean);
  return [...new Set(folders.map((folder) => folder.replace(/(?<=.)\/+$/, "")))];
}

/** Terminals inside the editor have it always; others once it is installed there. */
async function checkTally({ home }: DoctorPlace, path: string): Promise<Finding> {
  const found = await programOnPath("tally", path);
  if (found !== null) return ok("tally", found);
  const remedy = `For terminals outside of the editor, run "Tally: Install CLI in PATH" in it, or add ${home.bin} to PATH.`;
  return ok("tally", "known in terminals of the editor; not on the PATH of others", remedy, "installCli");
}

async function checkGit({ env, signal }: DoctorPlace, path: string): Promise<Finding> {
  const git = await programOnPath("git", path);
  const { stdout, failure } = git
    ? await runBriefly(git, ["--version"], { env, timeoutMs: TIMEOUT_MS, signal })
    : { stdout: "", failure: "it is not on PATH" };
  if (git !== null && failure === null) return ok("git", `${stdout.trim().replace("git version ", "")}, ${git}`);
  const remedy = "Install git; without it every folder is a project of its own, and there are no worktrees.";
  return { ...warning("git", `cannot be run: ${failure ?? "no answer"}`, remedy), level: "problem" };
}

/** Tally needs none; agents that npm installed do. */
async function checkNode({ env, signal }: DoctorPlace, path: string): Promise<Finding> {
  const node = await programOnPath("node", path);
  if (node === null) return ok("node", "not on PATH; Tally needs none, agents installed by npm do");
  const { stdout, failure } = await runBriefly(node, ["--version"], { env, timeoutMs: TIMEOUT_MS, signal });
  if (failure === null) return ok("node", `${stdout.trim()}, ${node}`);
  return warning("node", `${node} cannot be run: ${failure}`, "Agents that npm installed need it. Install Node anew.");
}
