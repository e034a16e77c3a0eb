import type { PruneCandidate } from "../protocol/worktree-routes.ts";
import type { SnapshotInfo } from "../protocol/worktrees.ts";
import { age } from "./wording.ts";

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** As file managers say it: `1.2 GB`. */
export function sizeWords(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 999.5 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount < 9.95 && unit > 0 ? amount.toFixed(1) : amount.toFixed(0)} ${UNITS[unit] ?? ""}`;
}

/** What stands behind a worktree that could be swept: `1.2 GB · 3d · merged`. */
export function candidateWords(candidate: PruneCandidate, now: number): string {
  const { sizeBytes, changedAt, isMerged, isMissing, hasLiveSessions } = candidate;
  return [
    isMissing ? "folder gone" : sizeWords(sizeBytes),
    age(changedAt, now),
    isMerged ? "merged" : "not merged",
    hasLiveSessions ? "in use" : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** What can be swept without a second thought first, and of each kind the largest. */
export function bySafety(a: PruneCandidate, b: PruneCandidate): number {
  return Number(b.isSafe) - Number(a.isSafe) || b.sizeBytes - a.sizeBytes || a.worktree.id.localeCompare(b.worktree.id);
}

/** What stands behind a snapshot: `3d · 120 files, 1.2 MB`. */
export function snapshotWords({ takenAt, files, bytes }: SnapshotInfo, now: number): string {
  const taken = age(takenAt, now);
  return `${taken === "now" ? "just now" : `${taken} ago`} · ${files === 1 ? "1 file" : `${files} files`}, ${sizeWords(bytes)}`;
}
