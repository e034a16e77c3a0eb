import * as vscode from "vscode";
import { showFailure } from "../views/failure.ts";
import { showInformation } from "../views/messages.ts";
import { pickOne } from "../views/questions.ts";
import { snapshotWords } from "../presentation/prune-words.ts";
import { withApproval } from "./approve-commands.ts";
import { tellAdded } from "./add-worktree.ts";
import { chooseRepository } from "./choose-folder.ts";
import { requireTrust } from "./require-trust.ts";
import { runOperation } from "./run-operation.ts";
import { sessionEnvironment } from "./session-environment.ts";
import type { Tally } from "./tally.ts";

export interface KeptWorktree {
  /** Any folder of the project. */
  readonly cwd: string;
  readonly ref: string;
  readonly name: string;
}

/** Brings a removed worktree back, from the snapshot that the person picks. */
export async function restoreWorktree(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const cwd = await chooseRepository(tally, target);
  if (cwd === null) return;
  const { snapshots } = await tally.link.client.call("snapshots", { query: { cwd } });
  if (snapshots.length === 0) {
    void showInformation("Nothing was removed in this repository that could be brought back.");
    return;
  }
  const now = Date.now();
  const items = snapshots.map((snapshot) => ({
    label: snapshot.name,
    iconPath: new vscode.ThemeIcon("archive"),
    description: snapshotWords(snapshot, now),
    detail: snapshot.path,
    snapshot,
  }));
  const title = "Tally: Restore Worktree";
  const options = { title, placeHolder: "Bring back which one?", matchOnDescription: true, matchOnDetail: true };
  const picked = await pickOne(items, options);
  if (picked) await restore(tally, { cwd, ref: picked.snapshot.ref, name: picked.snapshot.name });
}

/** As {@link restoreWorktree}, of a snapshot that is known. Never rejects. */
export async function restoreSnapshot(tally: Tally, kept: KeptWorktree): Promise<void> {
  try {
    await restore(tally, kept);
  } catch (error) {
    void showFailure(error);
  }
}

async function restore(tally: Tally, { cwd, ref, name }: KeptWorktree): Promise<void> {
  const restored = await runOperation(tally, `Restoring ${name}`, (operationId) =>
    withApproval(tally, { cwd, canSkip: false }, () =>
      tally.link.client.call("restoreWorktree", { body: { operationId, cwd, ref, env: sessionEnvironment(cwd) } }),
    ),
  );
  if (restored) await tellAdded(tally, restored);
}
