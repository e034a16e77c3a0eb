import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ProgramStatus } from "../../src/protocol/ptyhost.ts";
import type { ClaudeVersion } from "./claude.ts";
import { repositoryRoot } from "./gateway.ts";

/** What Claude Code gave out in a real run against the loopback API, in the order of its times. */
export type Recorded =
  | { readonly source: "hook"; readonly channel: string; readonly value: unknown }
  | { readonly source: "state-file" | "transcript"; readonly value: unknown }
  | { readonly source: "program-status"; readonly value: ProgramStatus };

/**
 * `story`: prompt, Bash tool allowed, question answered, Esc while the model thinks, Esc at a permission, prompt, `/exit`.
 * `subagent`: one that asks for a permission, then a tool refused, `/cost`, `!echo`, `/clear`.
 * `background`: a prompt queued into a turn, a custom command, API errors, a background shell, a background agent stopped, `/compact`.
 * `limit`: an answer that talks about a limit, then a real one.
 * `limit-dialog`: a limit that opens the dialog, which Esc closes after a while.
 * `plan-accepted`, `plan-rejected`: of the transcript alone, a plan that was written, shown and answered; the latter of 2.1.329.
 * `limit-continued`: of 2.1.329 alone, a limit after which it goes on by itself.
 */
export type Recording =
  | "story"
  | "subagent"
  | "background"
  | "limit"
  | "limit-dialog"
  | "limit-continued"
  | "plan-accepted"
  | "plan-rejected";

export function recorded(version: ClaudeVersion, name: Recording): Recorded[] {
  return readFileSync(join(folder(version), `${name}.jsonl`), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Recorded);
}

/** Screens of real dialogs, by name. */
export function recordedScreens(version: ClaudeVersion): ReadonlyMap<string, string> {
  const screens = join(folder(version), "screens");
  return new Map(
    readdirSync(screens).map((file) => [basename(file, ".txt"), readFileSync(join(screens, file), "utf8")]),
  );
}

function folder(version: ClaudeVersion): string {
  return join(repositoryRoot, "test", "fixtures", "agents", `claude-${version}`);
}
