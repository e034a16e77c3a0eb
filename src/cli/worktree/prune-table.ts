import type { PruneCandidate } from "../../protocol/worktree-routes.ts";
import { formatAge } from "../screen/age.ts";
import type { Surface } from "../screen/surface.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import { sizeWords } from "./worktree-words.ts";

/** What can be swept and what can not, with the reason. Those that are safe come first. */
export function formatCandidates(candidates: readonly PruneCandidate[], { style, width, nowMs }: Surface): string[] {
  if (candidates.length === 0) return [];
  const header = ["", "NAME", "SIZE", "AGE", "MERGED", "WHY"].map((text): Cell => ({ text, style: "dim" }));
  const rows = [...candidates].sort(bySafety).map((candidate): Cell[] => {
    const { worktree, sizeBytes, changedAt, isMerged, isMissing, isSafe, why } = candidate;
    return [
      isSafe ? { text: "✓", style: "green" } : { text: "–", style: "dim" },
      { text: worktree.name },
      { text: isMissing ? "gone" : sizeWords(sizeBytes) },
      { text: formatAge(nowMs - changedAt) },
      isMerged ? { text: "yes" } : { text: "no", style: "yellow" },
      { text: why, isWhole: true },
    ];
  });
  return formatTable([header, ...rows], { style, width });
}

/** The safe ones before the others, then the largest first. */
function bySafety(a: PruneCandidate, b: PruneCandidate): number {
  return Number(b.isSafe) - Number(a.isSafe) || b.sizeBytes - a.sizeBytes;
}
