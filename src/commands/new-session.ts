import type * as vscode from "vscode";
import { askText } from "../views/questions.ts";
import { type AgentChoice, chooseAgent, lastAgent } from "./choose-agent.ts";
import { chooseFolder } from "./choose-folder.ts";
import { requireTrust } from "./require-trust.ts";
import { findOffers } from "./session-offers.ts";
import { startSession } from "./start-session.ts";
import type { Tally } from "./tally.ts";

/** What a key binding or another extension may give so that nothing is asked: an agent, or a persona. */
interface GivenSession {
  readonly agent?: string;
  readonly persona?: string;
  readonly args?: readonly string[];
  readonly title?: string;
  readonly cwd?: string;
}

/** Starts an agent and shows its terminal, after asking for what was not given. */
export async function newSession(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const given = isGiven(target) ? target : null;
  const folder = given?.cwd ?? (await chooseFolder(tally, target));
  if (folder === null) return;
  const choice = given ? { ...given, args: given.args ?? [] } : await askAgent(tally, folder);
  if (choice === null) return;
  const title = given ? (given.title ?? "") : await askTitle();
  if (title === undefined) return;
  const session = await startSession(tally, { choice, folder, title });
  if (session) await tally.terminals.show(session);
}

/** A tab of a new session, for the terminal profile: asks only when it is not known which agent. */
export async function newSessionTab(tally: Tally): Promise<vscode.ExtensionTerminalOptions | null> {
  requireTrust();
  const folder = await chooseFolder(tally, undefined);
  if (folder === null) return null;
  const offers = await findOffers(tally, folder);
  const choice = lastAgent(offers, tally.memory) ?? (await chooseAgent(offers, tally.memory));
  if (choice === null) return null;
  const session = await startSession(tally, { choice, folder, title: "" });
  return session && tally.terminals.describeForProfile(session);
}

async function askAgent(tally: Tally, folder: string): Promise<AgentChoice | null> {
  return chooseAgent(await findOffers(tally, folder), tally.memory);
}

async function askTitle(): Promise<string | undefined> {
  return askText({
    title: "Tally: New Session",
    prompt: "A title, if you like. Without one it has the agent's name until its first prompt.",
    placeHolder: "Fix the login test",
  });
}

function isGiven(target: unknown): target is GivenSession {
  const { agent, persona } = (target ?? {}) as GivenSession;
  return typeof agent === "string" || typeof persona === "string";
}
