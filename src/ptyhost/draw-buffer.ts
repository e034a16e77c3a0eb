import type { IBuffer, IBufferCell, IBufferLine } from "@xterm/headless";

/**
 * The bytes that draw `buffer` (scrollback first) on an empty terminal of `cols` columns with the cursor at its top left. Afterwards the
 * pen is the default one and the cursor stands anywhere. Empty cells come out as spaces where text follows them in their row.
 *
 * The serialize addon is not used for this: it loses faint text next to bold text and the pending wrap at the right margin.
 */
export function drawBuffer(buffer: IBuffer, cols: number): string {
  const cell = buffer.getNullCell();
  let pen = "";
  let drawn = "";
  const setPen = (style: string) => {
    if (style === pen) return;
    pen = style;
    drawn += `\x1b[${style === "" ? "" : `0;${style}`}m`;
  };

  const rows = drawnRows(buffer, cols, cell);
  for (let y = 0; y < rows; y++) {
    const line = buffer.getLine(y);
    if (!line) break;
    // Past its length a buffer may still hold rows of before.
    const next = y + 1 < rows ? buffer.getLine(y + 1) : undefined;
    const wraps = next?.isWrapped === true;
    // A row is wrapped into by writing in it, be it a space.
    const end = wraps ? wrapColumn(line, next, cols) : Math.max(contentEnd(line, cols, cell), line.isWrapped ? 1 : 0);
    let isDrawn = false;
    for (let x = 0; x < end; x++) {
      line.getCell(x, cell);
      // The second half of a wide character, unless an insertion in its middle took the first one away.
      const isSecondHalf = cell.getWidth() === 0 && isDrawn;
      isDrawn = false;
      if (isSecondHalf) continue;
      setPen(cell.isAttributeDefault() ? "" : sgrOf(cell));
      // A wide character whose second half was overwritten has no place to be drawn in.
      const fits = cell.getWidth() < 2 || (x + 1 < cols && line.getCell(x + 1)?.getWidth() === 0);
      drawn += (fits && cell.getChars()) || " ";
      isDrawn = fits && cell.getWidth() === 2;
    }
    if (end < cols && !wraps) {
      line.getCell(end, cell);
      setPen(cell.isAttributeDefault() ? "" : sgrOf(cell));
      // A row that a wrap scrolled in has the background that the wrapping character had, so it is erased even to the default one.
      if (pen !== "" || line.isWrapped) drawn += "\x1b[K";
    }
    if (!next || wraps) continue;
    // A line feed at the bottom fills the new row with the pen's background.
    setPen("");
    drawn += "\r\n";
  }
  setPen("");
  return drawn;
}

/**
 * How many rows need drawing: all, where rows above the screen must be scrolled there; else none below the last with
 * something in it, since drawing them would scroll the text out of a terminal that has fewer rows.
 */
function drawnRows(buffer: IBuffer, cols: number, cell: IBufferCell): number {
  if (buffer.baseY > 0) return buffer.length;
  for (let rows = buffer.length; rows > 0; rows--) {
    const line = buffer.getLine(rows - 1);
    if (!line) continue;
    line.getCell(0, cell);
    if (line.isWrapped || contentEnd(line, cols, cell) > 0 || !line.getCell(0)?.isAttributeDefault()) return rows;
  }
  return 0;
}

/** The cell at (x, y), written again in place: what brings back a cursor that waits past the right margin. */
export function drawCell(line: IBufferLine, x: number): string {
  const cell = line.getCell(x);
  if (!cell) return "";
  return `\x1b[0;${sgrOf(cell)}m${cell.getChars() || " "}\x1b[m`;
}

/** The SGR parameters that lead from the default pen to the look of `cell`. */
export function sgrOf(cell: IBufferCell): string {
  const codes: number[] = [];
  if (cell.isBold()) codes.push(1);
  if (cell.isDim()) codes.push(2);
  if (cell.isItalic()) codes.push(3);
  if (cell.isUnderline()) codes.push(4);
  if (cell.isBlink()) codes.push(5);
  if (cell.isInverse()) codes.push(7);
  if (cell.isInvisible()) codes.push(8);
  if (cell.isStrikethrough()) codes.push(9);
  if (cell.isOverline()) codes.push(53);
  const foreground = cell.getFgColor();
  if (cell.isFgRGB()) codes.push(38, 2, ...rgb(foreground));
  else if (cell.isFgPalette()) codes.push(...paletteCodes(foreground, 30, 90, 38));
  const background = cell.getBgColor();
  if (cell.isBgRGB()) codes.push(48, 2, ...rgb(background));
  else if (cell.isBgPalette()) codes.push(...paletteCodes(background, 40, 100, 48));
  return codes.join(";");
}

function rgb(colour: number): readonly number[] {
  return [(colour >> 16) & 0xff, (colour >> 8) & 0xff, colour & 0xff];
}

function paletteCodes(index: number, dark: number, bright: number, extended: number): readonly number[] {
  if (index < 8) return [dark + index];
  if (index < 16) return [bright + index - 8];
  return [extended, 5, index];
}

/** Where the text of a row ends that is continued in the next: a wide character that did not fit leaves the last column empty. */
function wrapColumn(line: IBufferLine, next: IBufferLine, cols: number): number {
  const last = line.getCell(cols - 1);
  const first = next.getCell(0);
  const leftEmpty = last?.getChars() === "" && last.getWidth() === 1 && first?.getWidth() === 2;
  return leftEmpty && sgrOf(last) === sgrOf(first) ? cols - 1 : cols;
}

/** From which column on the row holds nothing but empty cells of one background, which one erase can draw. */
function contentEnd(line: IBufferLine, cols: number, cell: IBufferCell): number {
  let end = cols;
  let style: string | null = null;
  for (let x = cols - 1; x >= 0; x--) {
    line.getCell(x, cell);
    if (cell.getChars() !== "" || cell.getWidth() === 0) break;
    const cellStyle = cell.isAttributeDefault() ? "" : sgrOf(cell);
    // Erasing draws a background and nothing else: cells that are, say, underlined must be written.
    if (!/^(4[0-7]|10[0-7]|48;[0-9;]+)?$/.test(cellStyle) || (style !== null && style !== cellStyle)) break;
    style = cellStyle;
    end = x;
  }
  return end;
}
