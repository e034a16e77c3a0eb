import { resolve } from "node:path";
import { agentEnvironment } from "../../client/environment.ts";
import { COMMAND_AGENT } from "../../protocol/agents.ts";
import type { CreateSession, LaunchContext } from "../../protocol/routes.ts";
import type { RunIntent } from "../grammar.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const MAX_TITLE = 500;

/** What the gateway is asked for, whatever the mode. */
export function launchRequest(intent: RunIntent, cwd: string, env: Environment) {
  const title = env["TL_TITLE"]?.slice(0, MAX_TITLE);
  const context = contextFromEnvironment(env, cwd);
  return {
    ...agentOf(intent),
    ...(intent.options.persona === null ? {} : { persona: intent.options.persona }),
    args: [...argumentsOf(intent)],
    cwd,
    env: agentEnvironment(env),
    origin: "cli",
    whenPaused: intent.options.whenHeld === "start" ? "start" : "refuse",
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

function agentOf(intent: RunIntent): { agent?: string } {
  switch (intent.kind) {
    case "agent":
      return { agent: intent.agent };
    case "program":
      return { agent: COMMAND_AGENT };
    case "persona":
      return {};
  }
}

function argumentsOf(intent: RunIntent): readonly string[] {
  return intent.kind === "program" ? intent.words : intent.args;
}

/** The words behind the options, as they could be typed again. */
export function wordsOfRun(intent: RunIntent): { head: string[]; rest: readonly string[] } {
  switch (intent.kind) {
    case "agent":
      return { head: [intent.agent], rest: intent.args };
    case "program": {
      const [program, ...rest] = intent.words;
      return { head: intent.explicit ? ["--", program] : [program], rest };
    }
    case "persona":
      return { head: intent.args.length === 0 ? [] : ["--"], rest: intent.args };
  }
}

/** The word that names what is run. */
export function wordOf(intent: RunIntent): string {
  switch (intent.kind) {
    case "agent":
      return intent.agent;
    case "program":
      return intent.words[0];
    case "persona":
      return intent.persona;
  }
}
