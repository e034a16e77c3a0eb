import { basename } from "node:path";
import { agentEnvironment } from "../environment.ts";
import type { DoctorPlace } from "./place.ts";
import { runBriefly } from "./run-briefly.ts";

/** Startup files may take long, and print what they like: the answer stands between two of these. */
const MARK = "tally-doctor-path";
const TIMEOUT_MS = 10_000;
/** Shells that take these options and this line; others are not asked. */
const known = new Set(["bash", "zsh", "fish", "sh", "dash", "ksh"]);

export interface LoginShell {
  /** Its name, for a person. */
  readonly name: string;
  /** Null when it does not tell. */
  readonly path: string | null;
}

/**
 * The PATH that a new terminal outside the editor has: a login shell's that reads its interactive startup files too, as the editor itself
 * asks for it. Null where there is no shell that could be asked.
 */
export async function askLoginShell({ env, signal }: Pick<DoctorPlace, "env" | "signal">): Promise<LoginShell | null> {
  const shell = env["SHELL"];
  if (process.platform === "win32" || !shell || !known.has(basename(shell))) return null;
  const line = `printf '%s' ${MARK}; printf '%s' "$PATH"; printf '%s' ${MARK}`;
  const options = { env: agentEnvironment(env), timeoutMs: TIMEOUT_MS, signal };
  const { stdout } = await runBriefly(shell, ["-i", "-l", "-c", line], options);
  return { name: basename(shell), path: markedPath(stdout) };
}

function markedPath(output: string): string | null {
  const [, path] = output.split(MARK);
  return path === undefined || path.trim() === "" ? null : path.trim();
}
