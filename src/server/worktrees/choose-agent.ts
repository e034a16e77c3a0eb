import { TallyError } from "../../protocol/errors.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import { findProgram } from "../agents/find-program.ts";
import { usualAgent } from "../agents/usual-agent.ts";
import type { Personas } from "../personas/personas.ts";
import type { AgentOrder } from "./journal.ts";

export interface AgentChoice {
  readonly body: Pick<RouteBody<"addWorktree">, "agent" | "persona" | "args" | "prompt" | "env" | "origin">;
  /** Of tally.json: undefined when it does not say. */
  readonly ofRecipe: string | null | undefined;
  readonly ofSettings: string | null;
  /** Where a persona of the repository is looked for. */
  readonly cwd: string;
}

/**
 * The agent that starts in a new worktree, checked before anything is made; null for none.
 * @throws {TallyError} `agent-unknown`, `program-missing`, `persona-not-found`, `approval-needed`, `invalid-request`
 */
export async function chooseAgent(
  { body, ofRecipe, ofSettings, cwd }: AgentChoice,
  { agents, personas }: { readonly agents: AgentRegistry; readonly personas: Personas },
): Promise<AgentOrder | null> {
  const { persona, args, env, origin, prompt } = body;
  const agent = persona === undefined ? wantedAgent() : await agentOfPersona(persona);
  if (agent === null) {
    if (prompt === undefined) return null;
    throw new TallyError("invalid-request", "There is no agent to give the prompt to. Name one: --agent claude");
  }
  const adapter = agents.adapter(agent);
  if (adapter.program !== null) findProgram(adapter.program, { ...env }, cwd);
  if (prompt !== undefined && adapter.firstPrompt(prompt) === null) {
    throw new TallyError("invalid-request", `${adapter.label} takes no prompt at its start. Leave the prompt out.`);
  }
  return { agent, persona: persona ?? null, args: [...args], origin };

  function wantedAgent(): string | null {
    if (body.agent !== undefined) return body.agent;
    return ofRecipe !== undefined ? ofRecipe : usualAgent(agents, env["PATH"] ?? "", ofSettings);
  }

  async function agentOfPersona(name: string): Promise<string> {
    const given = body.agent === undefined || body.agent === null ? {} : { agent: body.agent };
    const order = await personas.apply({ persona: name, ...given, args: [...args], env: { ...env }, cwd });
    return order.agent;
  }
}
