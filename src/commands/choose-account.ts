import { homedir } from "node:os";
import * as vscode from "vscode";
import type { RouteBodyInput } from "../protocol/routes.ts";
import { usageInShort } from "../presentation/limit-words.ts";
import { personaDescription } from "../presentation/persona-words.ts";
import { pickOne } from "../views/questions.ts";
import { sessionEnvironment } from "./session-environment.ts";
import { findOffers } from "./session-offers.ts";
import type { Tally } from "./tally.ts";

/** What is to be paused, and what a person calls it. */
export interface ChosenAccount {
  readonly label: string;
  readonly account: RouteBodyInput<"startPause">["account"];
}

interface AccountItem extends vscode.QuickPickItem {
  readonly account: ChosenAccount["account"];
}

/** Asks which account to pause: one that is known, or that of an agent or a persona that has not run yet. */
export async function chooseAccount(tally: Tally, target: unknown): Promise<ChosenAccount | null> {
  const { accounts } = tally.link.live.model;
  const node = typeof target === "string" ? tally.tree.tree.nodes.get(target) : undefined;
  const given = node?.kind === "account" ? node.account : undefined;
  if (given) return { label: given.label, account: { accountId: given.id } };
  const now = Date.now();
  const known = [...accounts.values()].map((account): AccountItem => ({
    label: account.label,
    iconPath: new vscode.ThemeIcon("dashboard"),
    description: account.quotas.length > 0 ? usageInShort(account, now) : "",
    account: { accountId: account.id },
  }));
  const items = [...known, ...(await unknownAccounts(tally))];
  return (await pickOne(items, { title: "Tally: Pause Agent", placeHolder: "Which one?" })) ?? null;
}

/** Agents and personas by which an account may be meant that nothing has run on yet. */
async function unknownAccounts(tally: Tally): Promise<AccountItem[]> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri.fsPath ?? homedir();
  const { agents, personas } = await findOffers(tally, folder);
  const launch = { cwd: folder, env: sessionEnvironment(folder) };
  const { accounts } = tally.link.live.model;
  const isKnown = (agent: string) => [...accounts.values()].some((each) => each.agent === agent && each.isDefault);
  const unused = agents
    .filter(({ name, path }) => path !== null && !isKnown(name))
    .map((agent): AccountItem => ({
      label: agent.label,
      iconPath: new vscode.ThemeIcon("sparkle"),
      account: { agent: agent.name, ...launch },
    }));
  const ofPersonas = personas
    .filter(({ isApproved }) => isApproved)
    .map((persona): AccountItem => ({
      label: persona.name,
      iconPath: new vscode.ThemeIcon("account"),
      description: personaDescription(persona),
      account: { persona: persona.name, ...launch },
    }));
  return [...unused, ...ofPersonas];
}
