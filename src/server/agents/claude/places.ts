import { join } from "node:path";
import type { Whereabouts } from "../adapter.ts";

/** Where Claude Code keeps what is the person's. */
export function configHome(env: Readonly<Record<string, string>>): string {
  return env["CLAUDE_CONFIG_DIR"] || join(env["HOME"] || env["USERPROFILE"] || "/", ".claude");
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
