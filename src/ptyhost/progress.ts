import type { TerminalSignals } from "../protocol/ptyhost.ts";

export type Progress = Omit<NonNullable<TerminalSignals["progress"]>, "at">;

/** ConEmu's numbers, in their order. */
const states = [null, "normal", "error", "indeterminate", "warning"] as const;

/** The payload of an OSC 9 that tells progress, `4 ; state ; percent`. `progress` is null when there is none any more; undefined is returned for every other OSC 9. */
export function parseProgress(payload: string): { readonly progress: Progress | null } | undefined {
  const [, number, percent] = /^4;([0-4])(?:;(\d{0,9}))?;?$/.exec(payload) ?? [];
  if (number === undefined) return undefined;
  const state = states[Number(number)] ?? null;
  if (state === null) return { progress: null };
  const hasPercent = state !== "indeterminate" && percent !== undefined && percent !== "";
  return { progress: { state, percent: hasPercent ? Math.min(Number(percent), 100) : null } };
}
