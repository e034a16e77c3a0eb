import { createHash } from "node:crypto";
import type { Persona } from "../../protocol/limits.ts";
import { canonicalJson } from "../canonical-json.ts";

/**
 * What a person approves: all that a persona says, and the project that says it. The same words mean something else in another
 * repository, whose `./config` or `./bin` they name, so one repository's approval is none for the next. Its worktrees share it.
 * @param project what identifies the project: its common git directory, or the folder outside of git.
 */
export function personaHash(persona: Persona, project: string): string {
  return createHash("sha256").update(canonicalJson({ project, persona })).digest("hex");
}
