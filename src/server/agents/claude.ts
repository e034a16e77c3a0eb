import type { AgentAdapter } from "./adapter.ts";

export const claude: AgentAdapter = {
  name: "claude",
  label: "Claude Code",
  program: "claude",
  installHint: "npm install -g @anthropic-ai/claude-code",
  plan: ({ args, find }) => ({ file: find("claude"), args: [...args], env: {} }),
  title: () => "Claude Code",
};
