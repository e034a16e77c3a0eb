import type { AgentRegistry } from "../agents/registry.ts";
import { readKeptLaunch } from "../sessions/kept-launch.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { callAnswer } from "../signals/watch-stream.ts";
import type { Accounts } from "./accounts.ts";
import type { ResumingOptions } from "./resuming.ts";
import type { StoppedSessionsOptions } from "./stopped-sessions.ts";

type OfAgents = Pick<StoppedSessionsOptions, "label" | "canGoOn" | "allowance"> &
  Pick<ResumingOptions, "sendPrompt" | "goOn">;

/** What {@link ./resuming.ts} has to know of agents, and does with them, from their adapters. */
export function limitedAgents(options: {
  readonly agents: AgentRegistry;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
}): OfAgents {
  const { agents, accounts, sessions } = options;
  return {
    label: (agent) => agents.adapter(agent).label,
    canGoOn: (agent) => {
      const adapter = agents.adapter(agent);
      return adapter.sendPrompt !== undefined || adapter.resume("some", null, []) !== null;
    },
    allowance: ({ agent, cwd, launch }) => {
      const { args = [], env = {} } = readKeptLaunch(launch) ?? {};
      return accounts.of({ agent, args, env, cwd });
    },
    sendPrompt: (session, prompt) => {
      const { whereabouts } = sessions.following.tracking(session);
      const call = agents.adapter(session.agent).sendPrompt?.(whereabouts, prompt) ?? null;
      return call && callAnswer(call).then((outcome) => outcome === "taken");
    },
    goOn: (session, how) => sessions.relaunching.goOn(session, how),
  };
}
