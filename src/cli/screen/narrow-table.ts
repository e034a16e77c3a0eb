import type { Cell } from "./table.ts";
import { columnsOf, cutTo, printable } from "./width.ts";

const GAP_COLUMNS = 2;
/** Less of a title says too little. */
const MIN_TITLE_COLUMNS = 24;

/** A line of a table with named columns. */
export type NamedCells<Name extends string> = Readonly<Record<Name, Cell>>;

interface Layout<Name extends string> {
  readonly columns: readonly Name[];
  /** Tells the lines apart, so that others go before it is cut short. */
  readonly title: Name;
  /** What a narrow terminal does without, the first first. */
  readonly dispensable: readonly Name[];
}

/** The cells that have room in so many columns of a terminal, with titles cut to what is left of them. */
export function cellsIn<Name extends string>(
  width: number,
  rows: readonly NamedCells<Name>[],
  { columns, title, dispensable }: Layout<Name>,
): Cell[][] {
  const titleColumns = widthOf(rows, [title]);
  let shown = columns;
  const room = () => width - widthOf(rows, shown) + titleColumns;
  for (const name of dispensable) {
    if (room() >= Math.min(titleColumns, MIN_TITLE_COLUMNS)) break;
    shown = shown.filter((each) => each !== name);
  }
  const left = Math.max(1, room());
  return rows.map((row) =>
    shown.map((name) => (name === title ? { ...row[name], text: cutTo(printable(row[name].text), left) } : row[name])),
  );
}

/** How many columns of a terminal the lines need, uncut. */
export function widthOf<Name extends string>(rows: readonly NamedCells<Name>[], shown: readonly Name[]): number {
  const widths = shown.map((name) => Math.max(...rows.map((row) => columnsOf(printable(row[name].text)))));
  return widths.reduce((sum, each) => sum + each + GAP_COLUMNS, -GAP_COLUMNS);
}
