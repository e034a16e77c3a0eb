import type { Session, Worktree } from "../../protocol/entities.ts";
import type { HelperProcess } from "../../protocol/worktrees.ts";
import { sessionRow } from "../screen/session-table.ts";
import { commandLine } from "../screen/shell-words.ts";
import type { Surface } from "../screen/surface.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import { processesToShow, processRow } from "./process-words.ts";
import { branchBesideName, brokenWords, distanceWords, portWords } from "./worktree-words.ts";

interface InWorktree {
  readonly worktree: Worktree;
  readonly processes: readonly HelperProcess[];
  readonly sessions: readonly Session[];
}

const INDENT = "  ";

/** A worktree in a list: its line, then its processes and sessions. */
export function worktreeBlock({ worktree, processes, sessions }: InWorktree, surface: Surface): string[] {
  const { style, width } = surface;
  const inner = { style, width, indent: INDENT.repeat(2) };
  const own = processesToShow(processes, worktree.id);
  return [
    ...formatTable([worktreeRow(worktree)], { style, width, indent: INDENT }),
    ...formatTable(own.map(processRow), inner),
    ...formatTable(
      sessions.map((each) => sessionRow(each, surface)),
      inner,
    ),
  ];
}

/** Its name, its branch and how far that is, what is changed in it, its ports; and what is wrong with it. */
function worktreeRow(worktree: Worktree): Cell[] {
  const { name, ports, standing } = worktree;
  const cells: (Cell | null)[] = [
    { text: name, style: "bold" },
    cell(branchBesideName(worktree)),
    cell(standing === null ? null : distanceWords(standing), "cyan"),
    cell(standing === null || standing.dirty === 0 ? null : `${standing.dirty} changed`, "yellow"),
    cell(portWords(ports)),
    statusCell(worktree),
  ];
  return cells.filter((each) => each !== null);
}

function cell(text: string | null, style?: Cell["style"]): Cell | null {
  return text === null || text === "" ? null : { text, ...(style ? { style } : {}) };
}

function statusCell(worktree: Worktree): Cell | null {
  switch (worktree.status) {
    case "seen":
    case "ready":
      return null;
    case "adding":
      return { text: "is being made", style: "cyan" };
    case "removing":
      return { text: "is being removed", style: "cyan" };
    case "broken":
      return {
        text: brokenWords(worktree),
        tail: ` · ${commandLine(["tally", "repair", worktree.name])}`,
        style: "red",
      };
  }
}
