import { createHash } from "node:crypto";

/** A hook of ours: its event, what `/bin/sh` runs for it, and how long that may take. */
export interface Hook {
  readonly event: HookEvent;
  readonly command: string;
  readonly timeoutSeconds: number;
}

export type HookEvent = "SessionStart" | "UserPromptSubmit" | "PermissionRequest" | "Interrupt";

/** Codex's own names of the events, in the keys under which it keeps trust. */
const labels: Record<HookEvent, string> = {
  SessionStart: "session_start",
  UserPromptSubmit: "user_prompt_submit",
  PermissionRequest: "permission_request",
  Interrupt: "interrupt",
};

/** Codex gives this event no longer, whatever the flag says, and what it makes of the flag is what it hashes. */
const MAX_INTERRUPT_SECONDS = 3;

/** What Codex calls the place where configuration from flags is written. */
const FLAGS_PLACE = "/<session-flags>/config.toml";

/**
 * Flags that switch on these hooks for one launch. Codex runs only hooks that a person has reviewed, by the hash of their definition; with
 * the hashes of ours among the flags it trusts these and no others. (`--dangerously-bypass-hook-trust` would also run those that a
 * repository brings.) At most one hook an event.
 */
export function hookFlags(hooks: readonly Hook[]): string[] {
  const allowed = hooks.map((hook) => ({ ...hook, timeoutSeconds: allowedSeconds(hook) }));
  const definitions = allowed.flatMap(({ event, command, timeoutSeconds }) => [
    "-c",
    `hooks.${event}=[{hooks=[{type="command",command=${tomlString(command)},timeout=${timeoutSeconds}}]}]`,
  ]);
  const trust = allowed.map(
    (hook) => `${tomlString(`${FLAGS_PLACE}:${labels[hook.event]}:0:0`)}={trusted_hash="${trustedHash(hook)}"}`,
  );
  return [...definitions, "-c", `hooks.state={${trust.join(",")}}`];
}

function allowedSeconds({ event, timeoutSeconds }: Hook): number {
  return event === "Interrupt" ? Math.min(timeoutSeconds, MAX_INTERRUPT_SECONDS) : timeoutSeconds;
}

/** The hash that Codex makes of a hook: of its normal form as JSON without spaces, keys in order. */
export function trustedHash({ event, command, timeoutSeconds }: Hook): string {
  const handler = { async: false, command, timeout: timeoutSeconds, type: "command" };
  const normalForm = JSON.stringify({ event_name: labels[event], hooks: [handler] });
  return `sha256:${createHash("sha256").update(normalForm).digest("hex")}`;
}

/** JSON's escapes are TOML's, too; but TOML wants U+007F escaped. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}
