import { resolve } from "node:path";
import { agentEnvironment } from "../../client/environment.ts";
import { COMMAND_AGENT } from "../../protocol/agents.ts";
import type { CreateSession, LaunchContext } from "../../protocol/routes.ts";
import type { Intent } from "../grammar.ts";

/** A command line that starts an agent. */
export type RunIntent = Extract<Intent, { kind: "agent" | "program" }>;

type Environment = Readonly<Record<string, string | undefined>>;

const MAX_TITLE = 500;

/** What the gateway is asked for, whatever the mode. */
export function launchRequest(intent: RunIntent, cwd: string, env: Environment) {
  const title = env["TL_TITLE"]?.slice(0, MAX_TITLE);
  const context = contextFromEnvironment(env, cwd);
  return {
    agent: intent.kind === "agent" ? intent.agent : COMMAND_AGENT,
    args: [...(intent.kind === "agent" ? intent.args : intent.words)],
    cwd,
    env: agentEnvironment(env),
    origin: "cli",
    ...(title ? { title } : {}),
    ...(context ? { context } : {}),
  } satisfies CreateSession;
}

/** Existing wrappers say through these variables where a launch belongs. Null when none is set. */
export function contextFromEnvironment(env: Environment, cwd: string): LaunchContext | null {
  const given = {
    projectName: env["TL_PROJECT"],
    repoPath: env["TL_REPO"] ? resolve(cwd, env["TL_REPO"]) : undefined,
    agentLabel: env["TL_AGENT"],
    ide: env["TL_IDE"],
    taskId: env["TL_TASK_ID"],
  };
  const set = Object.entries(given).filter(([, value]) => value);
  return set.length === 0 ? null : Object.fromEntries(set);
}

/** The word that names what is run. */
export function wordOf(intent: RunIntent): string {
  return intent.kind === "agent" ? intent.agent : intent.words[0];
}
