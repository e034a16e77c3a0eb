import type { Style, StyleName } from "./style.ts";
import { columnsOf, cutTo, padTo, printable, wrapWords } from "./width.ts";

export interface Cell {
  readonly text: string;
  /** Stands behind the text, which makes room for it where there is too little for both. */
  readonly tail?: string;
  /** In the last column: goes on in the next line instead of being cut. */
  readonly isWhole?: boolean;
  readonly style?: StyleName;
}

const GAP = "  ";
/** Less than this makes no column of words; a terminal that narrow breaks the line itself. */
const MIN_WRAPPED_COLUMNS = 20;
/** So much of the columns is for the text before a long tail. */
const MIN_SHARE_BEFORE_TAIL = 1 / 3;

/**
 * Rows under each other in columns. The last column takes what is left of `width` and is cut to it, or wrapped. No line ends in blanks.
 * @param width columns of the terminal, or null to cut nothing.
 */
export function formatTable(
  rows: readonly (readonly Cell[])[],
  { style, width, indent = "" }: { style: Style; width: number | null; indent?: string },
): string[] {
  const texts = rows.map((row) => row.map(({ text, tail = "" }) => printable(text + tail)));
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...texts.map((row) => columnsOf(row[column] ?? ""))),
  );
  const before = indent.length + widths.slice(0, -1).reduce((sum, each) => sum + each + GAP.length, 0);
  const lastWidth = width === null ? null : Math.max(1, width - before);
  return rows.flatMap((row, index) => {
    let wrapped: string[] = [];
    const filled = (texts[index] ?? []).findLastIndex((text) => text !== "") + 1;
    const cells = row.slice(0, filled).map((cell, column) => {
      const text = texts[index]?.[column] ?? "";
      const isLast = lastWidth !== null && column === row.length - 1;
      if (isLast && cell.isWhole) {
        const [first = "", ...others] = wrapWords(text, Math.max(MIN_WRAPPED_COLUMNS, lastWidth));
        wrapped = others.map((line) => " ".repeat(before) + (cell.style ? style(cell.style, line) : line));
        return cell.style ? style(cell.style, first) : first;
      }
      const shown = isLast ? fitted(cell, lastWidth) : column === filled - 1 ? text : padTo(text, widths[column] ?? 0);
      return cell.style ? style(cell.style, shown) : shown;
    });
    return [indent + cells.join(GAP), ...wrapped];
  });
}

function fitted({ text, tail = "" }: Cell, columns: number): string {
  const shownTail = printable(tail);
  const room = Math.max(Math.floor(columns * MIN_SHARE_BEFORE_TAIL), columns - columnsOf(shownTail));
  return cutTo(cutTo(printable(text), room) + shownTail, columns);
}
