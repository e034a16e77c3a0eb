import { type Style, styleFor } from "./style.ts";

/** What something is shown on, and when. */
export interface Surface {
  readonly style: Style;
  /** Columns of the terminal; null where there is none, and nothing is cut. */
  readonly width: number | null;
  readonly nowMs: number;
}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export function surfaceOf(stream: Stream, env: Readonly<Record<string, string | undefined>>): Surface {
  const width = stream.isTTY ? stream.columns || null : null;
  return { style: styleFor(stream, env), width, nowMs: Date.now() };
}
