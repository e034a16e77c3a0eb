import * as vscode from "vscode";
import { TallyError } from "../protocol/errors.ts";
import type { Session } from "../protocol/entities.ts";
import type { AgentInfo } from "../protocol/routes.ts";
import { type AgentChoice, chooseAgent, lastAgent } from "./choose-agent.ts";
import { chooseFolder } from "./choose-folder.ts";
import { sessionEnvironment } from "./session-environment.ts";
import type { Tally } from "./tally.ts";
import { withSlowProgress } from "./slow-progress.ts";

/** How long the program waits for its terminal, so that it starts at the terminal's size. */
const AWAIT_VIEWER_MS = 5_000;

/** What a key binding or another extension may give so that nothing is asked. */
interface GivenSession {
  readonly agent: string;
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
  const choice = given ? { agent: given.agent, args: given.args ?? [] } : await askAgent(tally, folder);
  if (choice === null) return;
  const title = given ? (given.title ?? "") : await askTitle();
  if (title === undefined) return;
  tally.terminals.show(await createSession(tally, { ...choice, folder, title }));
}

/** A tab of a new session, for the terminal profile: asks only when it is not known which agent. */
export async function newSessionTab(tally: Tally): Promise<vscode.ExtensionTerminalOptions | null> {
  requireTrust();
  const folder = await chooseFolder(tally, undefined);
  if (folder === null) return null;
  const agents = await detectAgents(tally, folder);
  const choice = lastAgent(agents, tally.memory) ?? (await chooseAgent(agents, tally.memory));
  if (choice === null) return null;
  return tally.terminals.describeForProfile(await createSession(tally, { ...choice, folder, title: "" }));
}

interface NewSession extends AgentChoice {
  readonly folder: string;
  readonly title: string;
}

async function createSession({ link }: Tally, { agent, args, folder, title }: NewSession): Promise<Session> {
  const created = link.client.call("createSession", {
    body: {
      agent,
      args: [...args],
      cwd: folder,
      env: sessionEnvironment(folder),
      origin: "editor",
      awaitViewerMs: AWAIT_VIEWER_MS,
      ...(title.trim() ? { title: title.trim() } : {}),
    },
  });
  return (await withSlowProgress("Starting the session", created)).session;
}

async function askAgent(tally: Tally, folder: string): Promise<AgentChoice | null> {
  return chooseAgent(await detectAgents(tally, folder), tally.memory);
}

async function detectAgents({ link }: Tally, folder: string): Promise<readonly AgentInfo[]> {
  const env = sessionEnvironment(folder);
  const detected = link.client.call("detectAgents", { body: { path: env["PATH"] ?? env["Path"] ?? "" } });
  return (await withSlowProgress("Starting Tally", detected)).agents;
}

async function askTitle(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: "Tally: New Session",
    prompt: "A title to know it by. Enter without one takes the agent's name.",
    placeHolder: "Fix the login test",
  });
}

/** The commands are disabled in Restricted Mode; key bindings and other extensions get here all the same. */
function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new TallyError(
    "invalid-request",
    "Tally starts nothing in Restricted Mode. Trust this workspace first: Workspaces: Manage Workspace Trust.",
  );
}

function isGiven(target: unknown): target is GivenSession {
  return typeof target === "object" && target !== null && "agent" in target && typeof target.agent === "string";
}
