/** The agents that Tally knows by name. Any other word is a program, run as agent `command`. */
export const agentNames = ["claude", "codex", "gemini", "opencode", "demo"] as const;
export type AgentName = (typeof agentNames)[number];

/** The one that comes with Tally; each of the others has a program of its name. */
export const DEMO_AGENT: AgentName = "demo";

/** The agent that runs any program: `args[0]` with the rest as its arguments. */
export const COMMAND_AGENT = "command";

export function isAgentName(word: string): word is AgentName {
  return (agentNames as readonly string[]).includes(word);
}
