import * as vscode from "vscode";
import type { Pause } from "../protocol/limits.ts";
import { quotaWords, usageInShort, windowName, currentQuotas } from "../presentation/limit-words.ts";
import { accountsOf, pausesOf } from "../presentation/tree-model.ts";
import { pickOne } from "../views/questions.ts";
import { pauseItem } from "./choose-pause.ts";
import { changePause, dismissPause, liftPause, pauseAgent, pauseSuggested } from "./limits.ts";
import type { Tally } from "./tally.ts";

interface LimitItem extends vscode.QuickPickItem {
  readonly run?: () => Promise<void>;
}

/** Lists what is paused and what is used, with what can be done about it. */
export async function showLimits(tally: Tally): Promise<void> {
  const pauses = pausesOf(tally.tree.tree).map(({ id, pause }): LimitItem => ({
    ...pauseItem(pause),
    run: () => choosePauseAction(tally, id, pause),
  }));
  const items: LimitItem[] = [
    ...group("Paused", pauses),
    ...group("Used", accountItems(tally)),
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    { label: "Pause Agent...", iconPath: new vscode.ThemeIcon("debug-pause"), run: () => pauseAgent(tally) },
  ];
  const nothing = pauses.length === 0 ? "No agent is paused." : "Choose one to change it.";
  const picked = await pickOne(items, { title: "Tally: Limits", placeHolder: nothing });
  await picked?.run?.();
}

function group(label: string, items: readonly LimitItem[]): LimitItem[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

function accountItems(tally: Tally): LimitItem[] {
  const now = Date.now();
  return accountsOf(tally.tree.tree).map((account) => ({
    label: account.label,
    iconPath: new vscode.ThemeIcon("dashboard"),
    description: usageInShort(account, now),
    detail: currentQuotas(account, now)
      .map((quota) => `${windowName(quota)}: ${quotaWords(quota, now)}`)
      .join(" · "),
    run: () => pauseAgent(tally, `account:${account.id}`),
  }));
}

async function choosePauseAction(tally: Tally, id: string, { isInForce, kind }: Pause): Promise<void> {
  const lift = {
    label: "Lift Pause",
    iconPath: new vscode.ThemeIcon("debug-continue"),
    run: () => liftPause(tally, id),
  };
  const change = { label: "Change...", iconPath: new vscode.ThemeIcon("edit"), run: () => changePause(tally, id) };
  const pause = { label: "Pause", iconPath: new vscode.ThemeIcon("debug-pause"), run: () => pauseSuggested(tally, id) };
  const dismiss = { label: "Dismiss", iconPath: new vscode.ThemeIcon("close"), run: () => dismissPause(tally, id) };
  if (!isInForce) await choose([pause, dismiss]);
  else await choose(kind === "manual" ? [lift, change] : [lift]);
}

async function choose(items: LimitItem[]): Promise<void> {
  const picked = await pickOne(items, {
    title: "Tally: Limits",
    placeHolder: "What to do about it?",
  });
  await picked?.run?.();
}
