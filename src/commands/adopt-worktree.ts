import { dirname } from "node:path";
import * as vscode from "vscode";
import { giveKeyboard } from "../views/keyboard.ts";
import { pickOne } from "../views/questions.ts";
import { chooseRepository } from "./choose-folder.ts";
import { tellAdded } from "./add-worktree.ts";
import { withApproval } from "./approve-commands.ts";
import { requireTrust } from "./require-trust.ts";
import { runOperation } from "./run-operation.ts";
import { sessionEnvironment } from "./session-environment.ts";
import type { Tally } from "./tally.ts";

const TITLE = "Tally: Adopt Worktree";

/** Takes a checkout that somebody made with git for one of Tally's. */
export async function adoptWorktree(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const path = await choosePath(tally, target);
  if (path === null) return;
  const adopted = await runOperation(tally, `Adopting ${path}`, (operationId) =>
    withApproval(tally, { cwd: path, canSkip: false }, () =>
      tally.link.client.call("adoptWorktree", { body: { operationId, path, env: sessionEnvironment(path) } }),
    ),
  );
  if (adopted) await tellAdded(tally, adopted);
}

async function choosePath(tally: Tally, target: unknown): Promise<string | null> {
  const { model } = tally.link.live;
  if (typeof target === "string") {
    const node = tally.tree.tree.nodes.get(target);
    if (node?.kind === "worktree") return node.worktree.path;
    return model.worktrees.get(target)?.path ?? target;
  }
  const seen = [...model.worktrees.values()].filter(({ status }) => status === "seen");
  if (seen.length === 0) return browse(tally, target);
  const other = { label: "Another Folder...", iconPath: new vscode.ThemeIcon("folder-opened"), path: null };
  const items = [
    ...seen.map(({ name, path }) => ({
      label: name,
      iconPath: new vscode.ThemeIcon("git-branch"),
      description: path,
      path,
    })),
    other,
  ];
  const picked = await pickOne(items, { title: TITLE, placeHolder: "Adopt which checkout?" });
  if (!picked) return null;
  return picked.path ?? browse(tally, target);
}

/** Most checkouts are beside their repository. */
async function browse(tally: Tally, target: unknown): Promise<string | null> {
  const repository = await chooseRepository(tally, target);
  if (repository === null) return null;
  const options = {
    title: TITLE,
    openLabel: "Adopt",
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.Uri.file(dirname(repository)),
  };
  const [folder] = (await giveKeyboard(() => vscode.window.showOpenDialog(options))) ?? [];
  return folder?.fsPath ?? null;
}
