import type { AgentAdapter } from "../agents/adapter.ts";
import type { KeptLaunch } from "./kept-launch.ts";

/** The environment of a person's shell, but for what says which account it is: that stays the session's. */
export function onSameAccount(
  given: Readonly<Record<string, string>>,
  kept: Pick<KeptLaunch, "env">,
  { keptVariables, configHomeVariable }: AgentAdapter,
): Record<string, string> {
  const names = new Set([...keptVariables, ...(configHomeVariable === null ? [] : [configHomeVariable])]);
  const others = Object.entries(given).filter(([name]) => !names.has(name));
  const own = Object.entries(kept.env).filter(([name]) => names.has(name));
  return Object.fromEntries([...others, ...own]);
}
