import { agentEnvironment } from "../../client/environment.ts";
import type { RouteBodyInput } from "../../protocol/routes.ts";
import { agentNames, isAgentName } from "../../protocol/agents.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Account } from "../../protocol/limits.ts";
import type { CliContext } from "../context.ts";
import { oneLine } from "../screen/request-text.ts";
import { UsageError } from "../usage.ts";

type LaunchOf = RouteBodyInput<"checkLaunch">;

/** The account that a pause is for, as the gateway is told it. */
export type NamedAccount = RouteBodyInput<"startPause">["account"];

/** A launch of this agent, or of this persona, here and as this environment says. */
export function launchNamed(name: string, { env }: Pick<CliContext, "env">): LaunchOf {
  const place = { cwd: process.cwd(), env: agentEnvironment(env) };
  return isAgentName(name) ? { ...place, agent: name } : { ...place, persona: name };
}

/** What is said to the gateway of something that is named. A word that is no persona was perhaps meant to be an agent. @throws {TallyError} */
export async function asNamed<T>(word: string | undefined, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof TallyError) || error.code !== "persona-not-found") throw error;
    throw new TallyError(error.code, `"${word ?? ""}" is no agent (${agentNames.join(", ")}). ${error.message}`);
  }
}

/**
 * The account that a word names: its id, an agent or a persona. Without a word the only one that is known, and Claude Code's where
 * none is. @throws {UsageError} when there are several
 */
export function accountNamed(
  word: string | undefined,
  accounts: readonly Account[],
  context: Pick<CliContext, "env">,
): NamedAccount {
  if (word !== undefined) {
    return accounts.some(({ id }) => id === word) ? { accountId: word } : launchNamed(word, context);
  }
  const [only, ...others] = accounts;
  if (only === undefined) return launchNamed("claude", context);
  if (others.length > 0) throw new UsageError(`Which one? Name its agent, a persona or its id:\n${listed(accounts)}`);
  return { accountId: only.id };
}

function listed(accounts: readonly Account[]): string {
  return accounts.map(({ id, label }) => `  ${id}  ${oneLine(label)}`).join("\n");
}
