import type { Session, Worktree } from "../../protocol/entities.ts";
import type { HelperProcess } from "../../protocol/worktrees.ts";
import { sessionRow } from "../screen/session-table.ts";
import type { Surface } from "../screen/surface.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import { columnsOf, printable } from "../screen/width.ts";
import { repairLine } from "./repair-line.ts";
import { processesToShow, processRow } from "./process-words.ts";
import { branchBesideName, brokenWords, distanceWords, portWords, underWayWords } from "./worktree-words.ts";

interface InWorktree {
  readonly worktree: Worktree;
  readonly processes: readonly HelperProcess[];
  readonly sessions: readonly Session[];
}

const INDENT = "  ";
/** Before each column, the indentation being that of the first. */
const GAP_COLUMNS = INDENT.length;

/** A worktree in a list: its line, then its processes and sessions. */
export function worktreeBlock({ worktree, processes, sessions }: InWorktree, surface: Surface): string[] {
  const { style, width } = surface;
  const inner = { style, width, indent: INDENT.repeat(2) };
  const own = processesToShow(processes, worktree.id);
  return [
    ...worktreeLines(worktree, surface),
    ...formatTable(own.map(processRow), inner),
    ...formatTable(
      sessions.map((each) => sessionRow(each, surface)),
      inner,
    ),
  ];
}

/**
 * Its name, its branch and how far that is, what is changed in it, its ports; and what is wrong with it. In a narrow terminal what is
 * wrong stays whole: the ports go before it, then the others.
 */
function worktreeLines(worktree: Worktree, { style, width }: Surface): string[] {
  const { name, ports, standing } = worktree;
  const named: Cell = { text: name, style: "bold" };
  const facts = [
    cell(branchBesideName(worktree)),
    cell(standing === null ? null : distanceWords(standing), "cyan"),
    cell(standing === null || standing.dirty === 0 ? null : `${standing.dirty} changed`, "yellow"),
    cell(portWords(ports)),
  ].filter((each) => each !== null);
  const status = statusCell(worktree);
  const whole = { style, width: null, indent: INDENT };
  if (status === null) return formatTable([[named, ...facts]], facts.length === 0 ? whole : { ...whole, width });
  for (let count = facts.length; count >= 0; count--) {
    const row = [named, ...facts.slice(0, count), status];
    if (width === null || columnsTaken(row) <= width) return formatTable([row], whole);
  }
  const below = [{ ...status, tail: "" }, ...(status.tail === undefined ? [] : [{ text: repairLine(name) }])];
  return [
    ...formatTable([[named]], whole),
    ...formatTable(
      below.map((each) => [each]),
      { ...whole, indent: INDENT.repeat(2) },
    ),
  ];
}

function columnsTaken(row: readonly Cell[]): number {
  const texts = row.map(({ text, tail = "" }) => columnsOf(printable(text + tail)));
  return texts.reduce((sum, columns) => sum + GAP_COLUMNS + columns, 0);
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
    case "removing":
      return cell(underWayWords(worktree), "cyan");
    case "broken":
      return {
        text: brokenWords(worktree),
        tail: ` · ${repairLine(worktree.name)}`,
        style: "red",
      };
  }
}
