import * as vscode from "vscode";
import type { Worktree } from "../protocol/entities.ts";
import type { HelperProcess } from "../protocol/worktrees.ts";
import { processName } from "../presentation/process-words.ts";
import { worktreeName } from "../presentation/worktree-words.ts";
import { showInformation } from "../views/messages.ts";
import { pickOne } from "../views/questions.ts";
import { isOwn, sayGone } from "./choose-worktree.ts";
import type { Tally } from "./tally.ts";

interface PortItem extends vscode.QuickPickItem {
  readonly port: number;
}

/** Opens what a worktree serves on one of its ports, in the browser. */
export async function openPort(tally: Tally, target?: unknown): Promise<void> {
  const items = typeof target === "string" ? portsOfRow(tally, target) : allPorts(tally);
  if (items === null) {
    sayGone();
    return;
  }
  const [first] = items;
  if (!first) {
    void showInformation("No port is leased there.");
    return;
  }
  const isAsked = items.length > 1;
  const options = { placeHolder: "Open which port?", matchOnDescription: true };
  const picked = isAsked ? await pickOne(items, options) : first;
  if (!picked) return;
  // Where the editor runs elsewhere, this forwards the port.
  const url = await vscode.env.asExternalUri(vscode.Uri.parse(`http://localhost:${picked.port}`));
  await vscode.env.openExternal(url);
}

function portsOfRow({ link, tree }: Tally, target: string): PortItem[] | null {
  const { worktrees, processes } = link.live.model;
  const node = tree.tree.nodes.get(target);
  const process = node?.kind === "process" ? node.process : processes.get(target);
  if (process) return process.port === null ? [] : [processItem(process, process.port)];
  const worktree = node?.kind === "worktree" ? node.worktree : worktrees.get(target);
  return worktree ? portItems(worktree) : null;
}

function allPorts({ link }: Tally): PortItem[] {
  return [...link.live.model.worktrees.values()].filter(isOwn).flatMap(portItems);
}

function portItems(worktree: Worktree): PortItem[] {
  return worktree.ports.map(({ name, port }) => ({
    label: `:${port}`,
    iconPath: new vscode.ThemeIcon("globe"),
    description: `${name} · ${worktreeName(worktree)}`,
    port,
  }));
}

function processItem(process: HelperProcess, port: number): PortItem {
  return { label: `:${port}`, description: processName(process), port };
}
