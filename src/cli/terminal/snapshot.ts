import type { TerminalMessage } from "../../protocol/terminal.ts";

type Snapshot = Extract<TerminalMessage, { type: "snapshot" }>;

/**
 * Undoes what any program may have switched on: alternate screen, scroll margins and the like (DECSTR), mouse, focus and paste
 * reports, kitty keyboard, attributes. For when nobody can say what it really was.
 */
export const RESET_MODES = "\x1b[?1049l\x1b[!p\x1b[?9;1000;1002;1003;1004;1005;1006;1015;2004l\x1b[=0u\x1b[m";
/** The screen, not the scrollback. */
const CLEAR_SCREEN = "\x1b[H\x1b[2J";

/**
 * What to write to a terminal that belongs to the person, so that it shows the session. What stood on the screen before
 * scrolls up into the terminal's own scrollback, it is not overwritten. Later snapshots replace what the session itself had shown.
 */
export function presentSnapshot({ data }: Snapshot, { isFirst, rows }: { isFirst: boolean; rows: number }): string {
  if (!isFirst) return RESET_MODES + CLEAR_SCREEN + data;
  return `\x1b[J${"\r\n".repeat(rows)}\x1b[H${data}`;
}
