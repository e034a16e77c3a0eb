import * as vscode from "vscode";
import type { RouteResult } from "../protocol/routes.ts";
import type { PruneCandidate } from "../protocol/worktree-routes.ts";
import type { SnapshotInfo } from "../protocol/worktrees.ts";
import { bySafety, candidateWords, snapshotWords } from "../presentation/prune-words.ts";
import { worktreeName } from "../presentation/worktree-words.ts";
import { askInDialog, showInformation, showInStatusBar } from "../views/messages.ts";
import { pickSeveral } from "../views/questions.ts";
import { chooseRepository } from "./choose-folder.ts";
import { removeConfirmed } from "./remove-worktree.ts";
import { requireTrust } from "./require-trust.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";

const TITLE = "Tally: Prune Worktrees";
const SAID_MS = 5_000;

interface PruneItem extends vscode.QuickPickItem {
  readonly candidate?: PruneCandidate;
  readonly snapshot?: SnapshotInfo;
}

/** Shows what each worktree costs and whether it is still needed, and sweeps what the person leaves chosen. */
export async function pruneWorktrees(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const cwd = await chooseRepository(tally, target);
  if (cwd === null) return;
  const asked = tally.link.client.call("pruneCandidates", { query: { cwd } });
  const items = pruneItems(await withSlowProgress("Looking at the worktrees", asked));
  if (items.length === 0) {
    void showInformation("There is nothing to prune in this repository.");
    return;
  }
  const picked = await pickSeveral(items, {
    title: TITLE,
    placeHolder: "Remove which ones? Those that lose nothing are ticked already.",
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  const candidates = (picked ?? []).flatMap(({ candidate }) => (candidate ? [candidate] : []));
  const snapshots = (picked ?? []).flatMap(({ snapshot }) => (snapshot ? [snapshot] : []));
  if (candidates.length + snapshots.length === 0) return;
  if (!(await confirm(candidates, snapshots))) return;
  await sweep(tally, cwd, candidates, snapshots);
}

function pruneItems({ candidates, snapshots }: RouteResult<"pruneCandidates">): PruneItem[] {
  const now = Date.now();
  const worktrees = [...candidates].sort(bySafety).map((candidate): PruneItem => ({
    label: worktreeName(candidate.worktree),
    description: candidateWords(candidate, now),
    detail: candidate.why,
    picked: candidate.isSafe,
    candidate,
  }));
  const kept = snapshots.map((snapshot): PruneItem => ({
    label: snapshot.name,
    description: snapshotWords(snapshot, now),
    detail: "Forgets the snapshot for good.",
    snapshot,
  }));
  return [...group("Worktrees", worktrees), ...group("Snapshots of removed worktrees", kept)];
}

function group(label: string, items: readonly PruneItem[]): PruneItem[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

/** What is safe needs no second question. */
async function confirm(candidates: readonly PruneCandidate[], snapshots: readonly SnapshotInfo[]): Promise<boolean> {
  const unsafe = candidates.filter(({ isSafe }) => !isSafe);
  if (unsafe.length + snapshots.length === 0) return true;
  const detail = [
    ...unsafe.map(({ worktree, why }) => `${worktreeName(worktree)}: ${why}`),
    ...(unsafe.length > 0 ? ["", "They are kept as snapshots, which Tally: Restore Worktree brings back."] : []),
    ...(unsafe.length > 0 && snapshots.length > 0 ? [""] : []),
    ...(snapshots.length > 0
      ? [
          snapshots.length === 1
            ? "1 snapshot is forgotten for good."
            : `${snapshots.length} snapshots are forgotten for good.`,
        ]
      : []),
  ].join("\n");
  const prune = "Prune";
  return (await askInDialog({ message: "Prune all that is chosen?", detail }, prune)) === prune;
}

async function sweep(
  tally: Tally,
  cwd: string,
  candidates: readonly PruneCandidate[],
  snapshots: readonly SnapshotInfo[],
): Promise<void> {
  const { link } = tally;
  for (const { ref } of snapshots) await link.client.call("dropSnapshot", { body: { cwd, ref } });
  for (const { worktree, isSafe } of candidates) {
    const project = link.live.model.projects.get(worktree.projectId);
    if (project) await removeConfirmed(tally, { worktree, project }, { force: !isSafe, isQuiet: true });
  }
  const left = candidates.filter(({ worktree }) => link.live.model.worktrees.has(worktree.id)).length;
  const swept = candidates.length - left;
  const said = [
    ...(candidates.length > 0 ? [`${swept} of ${candidates.length} worktrees removed`] : []),
    ...(snapshots.length > 0 ? [`${snapshots.length} snapshots forgotten`] : []),
  ].join(", ");
  showInStatusBar(`Tally: ${said}`, SAID_MS);
}
