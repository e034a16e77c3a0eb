import type { AgentRegistry } from "./registry.ts";

/** The agents that are looked for where nobody names one, in this order. */
const usualAgents = ["claude", "codex", "gemini", "opencode"];

/** The agent where nobody names one: the one that is set, else the first that a shell with this PATH would find. Null: none is. */
export function usualAgent(agents: AgentRegistry, path: string, ofSettings: string | null): string | null {
  if (ofSettings !== null) return ofSettings;
  const installed = agents.detect(path).filter((each) => each.path !== null);
  return usualAgents.find((name) => installed.some((each) => each.name === name)) ?? null;
}
