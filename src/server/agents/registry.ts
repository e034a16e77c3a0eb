import { type AgentName, COMMAND_AGENT, isAgentName } from "../../protocol/agents.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { AgentInfo } from "../../protocol/routes.ts";
import type { AgentAdapter } from "./adapter.ts";
import { claude } from "./claude.ts";
import { command } from "./command.ts";
import { codex } from "./codex.ts";
import { demo } from "./demo.ts";
import { findProgram } from "./find-program.ts";
import { gemini } from "./gemini.ts";
import { opencode } from "./opencode.ts";

export interface AgentRegistry {
  /** @throws {TallyError} `agent-unknown` */
  adapter(name: string): AgentAdapter;
  /** Those of every agent with a name. */
  adapters(): readonly AgentAdapter[];
  /** Every agent with a name, and where a shell with this PATH would find it. */
  detect(path: string): AgentInfo[];
}

export function agentRegistry(options: { demoEntry: string; execPath: string }): AgentRegistry {
  const named: Record<AgentName, AgentAdapter> = {
    claude,
    codex,
    gemini,
    opencode,
    demo: demo(options.demoEntry, options.execPath),
  };
  return {
    adapter(name) {
      if (name === COMMAND_AGENT) return command;
      if (isAgentName(name)) return named[name];
      throw new TallyError(
        "agent-unknown",
        `There is no agent "${name}". Known agents: ${Object.keys(named).join(", ")}; anything else runs as agent "${COMMAND_AGENT}".`,
      );
    },
    adapters: () => Object.values(named),
    detect: (path) =>
      Object.values(named).map(({ name, label, program, installHint }) => ({
        name,
        label,
        path: program === null ? options.execPath : foundOrNull(program, path),
        installHint,
      })),
  };
}

function foundOrNull(program: string, path: string): string | null {
  try {
    return findProgram(program, { PATH: path }, "/");
  } catch (error) {
    if (error instanceof TallyError) return null;
    throw error;
  }
}
