import { pathOf } from "../client/environment.ts";
import type { Model } from "../protocol/model.ts";
import type { OfferedPersona } from "../protocol/limit-routes.ts";
import type { Pause } from "../protocol/limits.ts";
import type { AgentInfo } from "../protocol/routes.ts";
import { sessionEnvironment } from "./session-environment.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";

/** What can be started in a folder. */
export interface SessionOffers {
  readonly agents: readonly AgentInfo[];
  readonly personas: readonly OfferedPersona[];
  /** Why the personas of the repository cannot be read. */
  readonly problem: string | null;
  /** The pause that holds an agent when nothing further is set for it. */
  readonly pauseOf: (agent: string) => Pause | null;
}

/** Looks which agents are there, on the PATH that they would get, and which personas the folder offers. */
export async function findOffers({ link }: Tally, folder: string): Promise<SessionOffers> {
  const env = sessionEnvironment(folder);
  const asked = Promise.all([
    link.client.call("detectAgents", { body: { path: pathOf(env) } }),
    link.client.call("personas", { query: { cwd: folder } }),
  ]);
  const [{ agents }, { personas, problem }] = await withSlowProgress("Starting Tally", asked);
  return { agents, personas, problem, pauseOf: (agent) => pauseOfDefault(link.live.model, agent) };
}

function pauseOfDefault({ accounts, pauses }: Model, agent: string): Pause | null {
  const holds = ({ accountId, isInForce, model }: Pause) =>
    isInForce && model === null && accounts.get(accountId)?.isDefault === true;
  return [...pauses.values()].find((pause) => pause.agent === agent && holds(pause)) ?? null;
}

/** The offers without what was tried and is held. */
export function without(offers: SessionOffers, tried: readonly { agent?: string; persona?: string }[]): SessionOffers {
  const isTried = (key: "agent" | "persona", name: string) => tried.some((choice) => choice[key] === name);
  return {
    ...offers,
    agents: offers.agents.filter(({ name }) => !isTried("agent", name)),
    personas: offers.personas.filter(({ name }) => !isTried("persona", name)),
  };
}
