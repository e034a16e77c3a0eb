import { isatty } from "node:tty";
import { type Style, styleFor } from "./style.ts";

/** What something is shown on, and when. */
export interface Surface {
  readonly style: Style;
  /** Columns of the terminal; null where there is none, and nothing is cut. */
  readonly width: number | null;
  readonly nowMs: number;
  /** For times of day; left out: this machine's. */
  readonly timeZone?: string;
}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function surfaceOf(stream: Stream, env: Environment): Surface {
  const width = stream.isTTY ? stream.columns || null : null;
  return { style: styleFor(stream, env), width, nowMs: Date.now() };
}

/** What {@link ../talk.ts say} writes on. Its width is not asked for, as that would touch `process.stderr`. */
export function talkSurface(env: Environment): Surface {
  return surfaceOf({ isTTY: isatty(2) }, env);
}
