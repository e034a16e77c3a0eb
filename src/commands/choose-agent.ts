import * as vscode from "vscode";
import { COMMAND_AGENT } from "../protocol/agents.ts";
import type { AgentInfo } from "../protocol/routes.ts";
import { splitWords } from "./split-words.ts";

/** What to run: an agent and its arguments. */
export interface AgentChoice {
  readonly agent: string;
  readonly args: readonly string[];
}

interface AgentItem extends vscode.QuickPickItem {
  readonly agent?: AgentInfo | typeof COMMAND_AGENT;
}

const LAST_AGENT_KEY = "tally.lastAgent";
const LAST_COMMAND_KEY = "tally.lastCommand";
const DEMO_AGENT = "demo";

/** The agent that was started last, when it is still there. A command's words are asked again: they are seldom the same. */
export function lastAgent(agents: readonly AgentInfo[], memory: vscode.Memento): AgentChoice | null {
  const last = memory.get<string>(LAST_AGENT_KEY);
  const agent = agents.find(({ name, path }) => name === last && path !== null);
  return agent ? { agent: agent.name, args: [] } : null;
}

/** Asks which agent to start, and remembers it. Null when the person went away. */
export async function chooseAgent(agents: readonly AgentInfo[], memory: vscode.Memento): Promise<AgentChoice | null> {
  const last = memory.get<string>(LAST_AGENT_KEY);
  for (;;) {
    const picked = (await pick(agentItems(agents), last))?.agent;
    if (picked === undefined) return null;
    if (picked === COMMAND_AGENT) {
      const args = await askCommand(memory);
      if (args === null) return null;
      await memory.update(LAST_AGENT_KEY, COMMAND_AGENT);
      return { agent: COMMAND_AGENT, args };
    }
    if (picked.path !== null) {
      await memory.update(LAST_AGENT_KEY, picked.name);
      return { agent: picked.name, args: [] };
    }
    await explainMissing(picked);
  }
}

/** Installed agents, then any command, then the demo (first of all when there is nothing else), then what is not installed. */
function agentItems(agents: readonly AgentInfo[]): AgentItem[] {
  const real = agents.filter(({ name }) => name !== DEMO_AGENT);
  const installed = real
    .filter(({ path }) => path !== null)
    .map((agent): AgentItem => ({
      label: agent.label,
      iconPath: new vscode.ThemeIcon("sparkle"),
      description: agent.path ?? "",
      agent,
    }));
  const missing = real
    .filter(({ path }) => path === null)
    .map((agent): AgentItem => ({
      label: agent.label,
      iconPath: new vscode.ThemeIcon("circle-slash"),
      description: "not installed",
      detail: agent.installHint ?? "",
      agent,
    }));
  const demo = agents
    .filter(({ name }) => name === DEMO_AGENT)
    .map((agent): AgentItem => ({
      label: agent.label,
      iconPath: new vscode.ThemeIcon("beaker"),
      description: "needs no network and no account: shows what Tally does",
      agent,
    }));
  const command: AgentItem = {
    label: "Command...",
    iconPath: new vscode.ThemeIcon("terminal"),
    description: "any program",
    agent: COMMAND_AGENT,
  };
  const present = installed.length === 0 ? [...demo, command] : [...installed, command, ...demo];
  if (missing.length === 0) return present;
  return [...present, { label: "Not installed", kind: vscode.QuickPickItemKind.Separator }, ...missing];
}

function pick(items: AgentItem[], last: string | undefined): Promise<AgentItem | undefined> {
  const quickPick = vscode.window.createQuickPick<AgentItem>();
  quickPick.title = "Tally: New Session";
  quickPick.placeholder = "Which agent?";
  quickPick.matchOnDescription = true;
  quickPick.items = items;
  quickPick.activeItems = items.filter(
    ({ agent }) => (typeof agent === "object" ? agent.name : agent) === last && last,
  );
  return new Promise((resolve) => {
    quickPick.onDidAccept(() => resolve(quickPick.activeItems[0]));
    quickPick.onDidHide(() => {
      resolve(undefined);
      quickPick.dispose();
    });
    quickPick.show();
  }).then((picked) => {
    quickPick.hide();
    return picked as AgentItem | undefined;
  });
}

async function askCommand(memory: vscode.Memento): Promise<string[] | null> {
  const split = (line: string) => splitWords(line, { backslashEscapes: process.platform !== "win32" });
  const line = await vscode.window.showInputBox({
    title: "Tally: New Session",
    prompt: "The program and its arguments. No shell runs it: pipes and variables mean nothing here.",
    placeHolder: "npm run dev",
    value: memory.get<string>(LAST_COMMAND_KEY, ""),
    validateInput: (value) => {
      const words = split(value);
      if (words === null) return "A quote is not closed.";
      return words.length === 0 ? "Type the program to run." : null;
    },
  });
  if (line === undefined) return null;
  await memory.update(LAST_COMMAND_KEY, line);
  return split(line);
}

/** Says how to get an agent that is not there; then the person chooses again. */
async function explainMissing({ label, installHint }: AgentInfo): Promise<void> {
  const copy = "Copy Install Command";
  const choice = await vscode.window.showInformationMessage(
    `${label} is not installed, or not on PATH. After installing it, choose it again; a changed PATH needs the editor restarted.`,
    { modal: true, ...(installHint === null ? {} : { detail: installHint }) },
    ...(installHint === null ? [] : [copy]),
  );
  if (choice === copy && installHint !== null) await vscode.env.clipboard.writeText(installHint);
}
