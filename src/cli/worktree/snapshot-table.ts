import type { SnapshotInfo } from "../../protocol/worktrees.ts";
import { formatAge } from "../screen/age.ts";
import type { Surface } from "../screen/surface.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import { sizeWords } from "./worktree-words.ts";

/** What was kept of removed worktrees, one a line. */
export function formatSnapshots(snapshots: readonly SnapshotInfo[], { style, width, nowMs }: Surface): string[] {
  if (snapshots.length === 0) return [];
  const header = ["NAME", "BRANCH", "AGE", "FILES", "SIZE", "REF"].map((text): Cell => ({ text, style: "dim" }));
  const rows = snapshots.map(({ name, branch, takenAt, files, bytes, ref }): Cell[] => [
    { text: name },
    { text: branch ?? "detached" },
    { text: formatAge(nowMs - takenAt) },
    { text: files.toLocaleString("en") },
    { text: sizeWords(bytes) },
    { text: ref, style: "dim" },
  ]);
  return formatTable([header, ...rows], { style, width });
}
