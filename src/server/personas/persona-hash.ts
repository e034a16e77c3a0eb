import { createHash } from "node:crypto";
import type { Persona } from "../../protocol/limits.ts";

/**
 * What a person approves: all that a persona says, and the project that says it. The same words mean something else in another
 * repository, whose `./config` or `./bin` they name, so one repository's approval is none for the next. Its worktrees share it.
 * @param project what identifies the project: its common git directory, or the folder outside of git.
 */
export function personaHash(persona: Persona, project: string): string {
  return createHash("sha256").update(canonicalJson({ project, persona })).digest("hex");
}

/** The same text for the same value, in whatever order its keys were written. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, nested: unknown) => {
    if (typeof nested !== "object" || nested === null || Array.isArray(nested)) return nested;
    return Object.fromEntries(Object.entries(nested).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
