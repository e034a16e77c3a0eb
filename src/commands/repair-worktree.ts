import * as vscode from "vscode";
import { repairWords } from "../presentation/operation-words.ts";
import { brokenWords, worktreeName } from "../presentation/worktree-words.ts";
import { showInformation } from "../views/messages.ts";
import { pickOne } from "../views/questions.ts";
import { withApproval } from "./approve-commands.ts";
import { chooseWorktree } from "./choose-worktree.ts";
import { requireTrust } from "./require-trust.ts";
import { runOperation } from "./run-operation.ts";
import { sessionEnvironment } from "./session-environment.ts";
import type { Tally } from "./tally.ts";

/** Finishes or undoes what was cut off or failed. */
export async function repairWorktree(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const chosen = await chooseWorktree(tally, target, {
    placeholder: "Repair which worktree?",
    isFitting: ({ status }) => status === "broken",
    none: "No worktree is broken.",
  });
  if (chosen === null) return;
  const { worktree } = chosen;
  const name = worktreeName(worktree);
  if (worktree.status !== "broken") {
    void showInformation(`Nothing is wrong with ${name}.`);
    return;
  }
  const words = repairWords[worktree.operation?.kind ?? "add"];
  const items = [
    { label: "Finish", iconPath: new vscode.ThemeIcon("debug-continue"), detail: words.finish, how: "finish" as const },
    { label: "Undo", iconPath: new vscode.ThemeIcon("discard"), detail: words.undo, how: "undo" as const },
  ];
  const placeHolder = brokenWords(worktree) ?? "";
  const picked = await pickOne(items, { title: `Tally: Repair ${name}`, placeHolder });
  if (!picked) return;
  const { how } = picked;
  const title = how === "finish" ? `Finishing ${name}` : `Undoing ${name}`;
  await runOperation(tally, title, (operationId) =>
    withApproval(tally, { cwd: worktree.path, canSkip: false }, () => {
      const body = { operationId, how, env: sessionEnvironment(worktree.path) };
      return tally.link.client.call("repairWorktree", { id: worktree.id, body });
    }),
  );
}
