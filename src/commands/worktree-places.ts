import * as vscode from "vscode";
import { worktreeEnvironment } from "../views/worktree-environment.ts";
import { worktreeName } from "../presentation/worktree-words.ts";
import { showInStatusBar } from "../views/messages.ts";
import { terminalName } from "../presentation/editor-text.ts";
import { giveKeyboard } from "../views/keyboard.ts";
import { type ChosenWorktree, chooseWorktree } from "./choose-worktree.ts";
import { requireTrust } from "./require-trust.ts";
import type { Tally } from "./tally.ts";

const SAID_MS = 3_000;

export async function openWorktree(tally: Tally, target?: unknown): Promise<void> {
  const chosen = await choose(tally, target, "Open which worktree?");
  if (chosen === null) return;
  await vscode.commands.executeCommand("vscode.openFolder", vscode.Uri.file(chosen.worktree.path), {
    forceNewWindow: true,
  });
}

/** A plain shell in the worktree, which knows its ports as everything that runs there does. */
export async function openWorktreeTerminal(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const chosen = await choose(tally, target, "A terminal in which worktree?");
  if (chosen === null) return;
  const { worktree, project } = chosen;
  const options = {
    name: terminalName(worktreeName(worktree)),
    cwd: worktree.path,
    env: worktreeEnvironment(worktree, project),
    iconPath: new vscode.ThemeIcon("git-branch"),
  };
  const show = () => {
    const terminal = vscode.window.createTerminal(options);
    terminal.show();
    return terminal;
  };
  await giveKeyboard(show, ({ processId }) => processId);
}

export async function revealWorktree(tally: Tally, target?: unknown): Promise<void> {
  const chosen = await choose(tally, target, "Reveal which worktree?");
  if (chosen === null) return;
  await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(chosen.worktree.path));
}

export async function copyWorktreePath(tally: Tally, target?: unknown): Promise<void> {
  const chosen = await choose(tally, target, "Whose path?");
  if (chosen === null) return;
  await vscode.env.clipboard.writeText(chosen.worktree.path);
  showInStatusBar(`Copied ${chosen.worktree.path}`, SAID_MS);
}

function choose(tally: Tally, target: unknown, placeholder: string): Promise<ChosenWorktree | null> {
  return chooseWorktree(tally, target, { placeholder, isFitting: () => true });
}
