import * as vscode from "vscode";
import { COMMAND_AGENT, DEMO_AGENT } from "../protocol/agents.ts";
import type { OfferedPersona } from "../protocol/limit-routes.ts";
import type { AgentInfo } from "../protocol/routes.ts";
import { pausedWords } from "../presentation/limit-words.ts";
import { personaDescription } from "../presentation/persona-words.ts";
import { askInDialog, type Dialog, showWarning } from "../views/messages.ts";
import { asWritten, askText, showQuestion } from "../views/questions.ts";
import type { SessionOffers } from "./session-offers.ts";
import { splitWords } from "./split-words.ts";

/** What to run: an agent or a persona, and its arguments. */
export interface AgentChoice {
  readonly agent?: string;
  readonly persona?: string;
  readonly args: readonly string[];
}

interface AgentItem extends vscode.QuickPickItem {
  readonly agent?: AgentInfo | typeof COMMAND_AGENT;
  readonly persona?: OfferedPersona;
  readonly isNone?: boolean;
}

const NEW_SESSION = "Tally: New Session";
const LAST_AGENT_KEY = "tally.lastAgent";
const LAST_COMMAND_KEY = "tally.lastCommand";
/** An agent's name has no colon. */
const PERSONA_PREFIX = "persona:";

/** What was started last, when it is still there. A command's words are asked again: they are seldom the same. */
export function lastAgent({ agents, personas }: SessionOffers, memory: vscode.Memento): AgentChoice | null {
  const last = memory.get<string>(LAST_AGENT_KEY);
  const persona = personas.find(({ name }) => PERSONA_PREFIX + name === last);
  if (persona) return { persona: persona.name, args: [] };
  const agent = agents.find(({ name, path }) => name === last && path !== null);
  return agent ? { agent: agent.name, args: [] } : null;
}

/** Asks which agent to start, and remembers it. Null when the person went away. */
export async function chooseAgent(offers: SessionOffers, memory: vscode.Memento): Promise<AgentChoice | null> {
  const chosen = await ask(offers, memory, { title: NEW_SESSION, items: offeredItems(offers) });
  return chosen === "none" ? null : chosen;
}

/** The same where none is a choice too. */
export function chooseAgentOrNone(
  offers: SessionOffers,
  memory: vscode.Memento,
  title: string,
): Promise<AgentChoice | "none" | null> {
  const none: AgentItem = {
    label: "None",
    iconPath: new vscode.ThemeIcon("circle-slash"),
    description: "no agent starts",
    isNone: true,
  };
  return ask(offers, memory, { title, items: [...offeredItems(offers), separator(""), none] });
}

/**
 * Asks who does a task: agents and personas that are there. Nothing is asked where there is only one; the demo agent counts where there is
 * no other.
 */
export async function chooseAgentForTask(
  offers: SessionOffers,
  memory: vscode.Memento,
  title: string,
): Promise<AgentChoice | null> {
  const agents = offers.agents.filter(({ path }) => path !== null);
  const real = agents.filter(({ name }) => name !== DEMO_AGENT);
  const [only] = real.length > 0 ? real : agents;
  if (only && real.length <= 1 && offers.personas.length === 0) return { agent: only.name, args: [] };
  const isFitting = ({ agent }: AgentItem) => agent !== COMMAND_AGENT;
  const items = offeredItems({ ...offers, agents }).filter(isFitting);
  const chosen = await ask(offers, memory, { title, items });
  return chosen === "none" ? null : chosen;
}

async function ask(
  offers: SessionOffers,
  memory: vscode.Memento,
  { title, items }: { readonly title: string; readonly items: readonly AgentItem[] },
): Promise<AgentChoice | "none" | null> {
  if (offers.problem !== null) void showWarning(offers.problem);
  for (;;) {
    const picked = await pick(title, items, memory.get<string>(LAST_AGENT_KEY));
    if (picked?.isNone) return "none";
    if (picked?.persona) {
      await memory.update(LAST_AGENT_KEY, PERSONA_PREFIX + picked.persona.name);
      return { persona: picked.persona.name, args: [] };
    }
    if (picked?.agent === undefined) return null;
    if (picked.agent === COMMAND_AGENT) {
      const args = await askCommand(memory, title);
      if (args === null) return null;
      await memory.update(LAST_AGENT_KEY, COMMAND_AGENT);
      return { agent: COMMAND_AGENT, args };
    }
    if (picked.agent.path !== null) {
      await memory.update(LAST_AGENT_KEY, picked.agent.name);
      return { agent: picked.agent.name, args: [] };
    }
    await explainMissing(picked.agent);
  }
}

/** Personas are what somebody set up on purpose, so they come first. */
function offeredItems(offers: SessionOffers): AgentItem[] {
  const agents = agentItems(offers);
  if (offers.personas.length === 0) return agents;
  const personas = offers.personas.map((persona): AgentItem => ({
    label: persona.name,
    iconPath: new vscode.ThemeIcon(persona.isApproved ? "account" : "shield"),
    description: personaDescription(persona),
    persona,
  }));
  return [separator("Personas"), ...personas, separator("Agents"), ...agents];
}

function separator(label: string): AgentItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** Installed agents, then any command, then the demo (first of all when there is nothing else), then what is not installed. */
function agentItems({ agents, pauseOf }: SessionOffers): AgentItem[] {
  const real = agents.filter(({ name }) => name !== DEMO_AGENT);
  const installed = real
    .filter(({ path }) => path !== null)
    .map((agent): AgentItem => {
      const pause = pauseOf(agent.name);
      return {
        label: agent.label,
        iconPath: new vscode.ThemeIcon(pause ? "debug-pause" : "sparkle"),
        description: pause ? pausedWords(pause, Date.now()) : (agent.path ?? ""),
        agent,
      };
    });
  const missing = real
    .filter(({ path }) => path === null)
    .map((agent): AgentItem => ({
      label: agent.label,
      iconPath: new vscode.ThemeIcon("circle-slash"),
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
  return [...present, separator("Not installed"), ...missing];
}

function pick(title: string, items: readonly AgentItem[], last: string | undefined): Promise<AgentItem | undefined> {
  const quickPick = vscode.window.createQuickPick<AgentItem>();
  quickPick.title = title;
  quickPick.placeholder = "Which agent?";
  quickPick.matchOnDescription = true;
  quickPick.items = items.map(asWritten);
  const remembered = quickPick.items.filter((item) => last !== undefined && memoryName(item) === last);
  // The editor takes the first where nothing is chosen; none at all would make Enter choose nothing.
  if (remembered.length > 0) quickPick.activeItems = remembered;
  return new Promise((resolve) => {
    quickPick.onDidAccept(() => {
      if (quickPick.activeItems.length > 0) resolve(quickPick.activeItems[0]);
    });
    quickPick.onDidHide(() => {
      resolve(undefined);
      quickPick.dispose();
    });
    void showQuestion(quickPick);
  }).then((picked) => {
    quickPick.hide();
    return picked as AgentItem | undefined;
  });
}

/** What is remembered of an item. */
function memoryName({ agent, persona }: AgentItem): string | undefined {
  if (persona) return PERSONA_PREFIX + persona.name;
  return typeof agent === "object" ? agent.name : agent;
}

async function askCommand(memory: vscode.Memento, title: string): Promise<string[] | null> {
  const split = (line: string) => splitWords(line, { backslashEscapes: process.platform !== "win32" });
  const line = await askText({
    title,
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
  const message = `${label} is not installed, or not on PATH. After installing it, choose it again; a changed PATH needs the editor restarted.`;
  const dialog: Dialog = { message, detail: installHint ?? "", severity: "information" };
  const choice = await askInDialog(dialog, ...(installHint === null ? [] : [copy]));
  if (choice === copy && installHint !== null) await vscode.env.clipboard.writeText(installHint);
}
