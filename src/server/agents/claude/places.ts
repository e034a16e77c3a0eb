import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Whereabouts } from "../adapter.ts";

/** Where Claude Code keeps what is the person's. */
export function configHome(env: Readonly<Record<string, string>>): string {
  return env["CLAUDE_CONFIG_DIR"] || join(env["HOME"] || env["USERPROFILE"] || "/", ".claude");
}

/** The file with what it remembers of all folders: trust, allowed tools. Old versions made one of another name, which later ones go on with. */
export async function statePath(env: Readonly<Record<string, string>>): Promise<string> {
  const old = join(configHome(env), ".config.json");
  const isInUse = await stat(old).then(
    (found) => found.isFile() && found.size > 0,
    () => false,
  );
  if (isInUse) return old;
  return join(env["CLAUDE_CONFIG_DIR"] || env["HOME"] || env["USERPROFILE"] || homedir(), ".claude.json");
}

export function stateFilePath({ launch, pid }: Whereabouts): string | null {
  const { configHome: home } = launch;
  return home === undefined || pid === null ? null : join(home, "sessions", `${pid}.json`);
}

/** Where hooks say that the transcript is; before they do, where one of this id goes. */
export function transcriptPath({ launch, cwd, conversationId, transcriptPath: told }: Whereabouts): string | null {
  const { configHome: home } = launch;
  if (told !== null || home === undefined || conversationId === null) return told;
  return join(home, "projects", cwd.replace(/[^A-Za-z0-9]/g, "-"), `${conversationId}.jsonl`);
}
