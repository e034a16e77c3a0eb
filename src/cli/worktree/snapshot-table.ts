import type { SnapshotInfo } from "../../protocol/worktrees.ts";
import { formatAge } from "../screen/age.ts";
import { plain } from "../screen/style.ts";
import type { Surface } from "../screen/surface.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import { columnsOf } from "../screen/width.ts";
import { shortRef } from "./snapshot-ref.ts";
import { sizeWords } from "./worktree-words.ts";

type Column = "NAME" | "BRANCH" | "AGE" | "FILES" | "SIZE" | "REF";

/** Those that give way first where the terminal is narrow. The ref never does: it has to be typed, and names the worktree too. */
const dispensable: readonly Column[] = ["FILES", "SIZE", "BRANCH", "NAME", "AGE"];

/** What was kept of removed worktrees, one a line. */
export function formatSnapshots(snapshots: readonly SnapshotInfo[], surface: Surface): string[] {
  if (snapshots.length === 0) return [];
  const { width } = surface;
  const fits = (lines: readonly string[]) => width === null || Math.max(...lines.map(columnsOf)) <= width;
  for (let left = 0; left < dispensable.length; left++) {
    const without = dispensable.slice(0, left);
    if (fits(tableOf(snapshots, without, { ...surface, style: plain }))) return tableOf(snapshots, without, surface);
  }
  return tableOf(snapshots, dispensable, surface);
}

function tableOf(
  snapshots: readonly SnapshotInfo[],
  without: readonly Column[],
  { style, nowMs }: Pick<Surface, "style" | "nowMs">,
): string[] {
  const cellsOf = ({ name, branch, takenAt, files, bytes, ref }: SnapshotInfo): Record<Column, Cell> => ({
    NAME: { text: name },
    BRANCH: { text: branch ?? "detached" },
    AGE: { text: formatAge(nowMs - takenAt) },
    FILES: { text: files.toLocaleString("en") },
    SIZE: { text: sizeWords(bytes) },
    REF: { text: shortRef(ref) },
  });
  const columns = (["NAME", "BRANCH", "AGE", "FILES", "SIZE", "REF"] as const).filter(
    (each) => !without.includes(each),
  );
  const header = columns.map((text): Cell => ({ text, style: "dim" }));
  const rows = snapshots.map((snapshot) => columns.map((column) => cellsOf(snapshot)[column]));
  return formatTable([header, ...rows], { style, width: null });
}
