import type { Style, StyleName } from "./style.ts";
import { columnsOf, cutTo, padTo, printable } from "./width.ts";

export interface Cell {
  readonly text: string;
  readonly style?: StyleName;
}

const GAP = "  ";

/**
 * Rows under each other in columns. The last column takes what is left of `width` and is cut to it. No line ends in blanks.
 * @param width columns of the terminal, or null to cut nothing.
 */
export function formatTable(
  rows: readonly (readonly Cell[])[],
  { style, width, indent = "" }: { style: Style; width: number | null; indent?: string },
): string[] {
  const texts = rows.map((row) => row.map((cell) => printable(cell.text)));
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...texts.map((row) => columnsOf(row[column] ?? ""))),
  );
  const before = indent.length + widths.slice(0, -1).reduce((sum, each) => sum + each + GAP.length, 0);
  const lastWidth = width === null ? null : Math.max(1, width - before);
  return rows.map((row, index) => {
    const filled = (texts[index] ?? []).findLastIndex((text) => text !== "") + 1;
    const cells = row.slice(0, filled).map((cell, column) => {
      const text = texts[index]?.[column] ?? "";
      const isCut = lastWidth !== null && column === row.length - 1;
      const shown = isCut ? cutTo(text, lastWidth) : column === filled - 1 ? text : padTo(text, widths[column] ?? 0);
      return cell.style ? style(cell.style, shown) : shown;
    });
    return indent + cells.join(GAP);
  });
}
