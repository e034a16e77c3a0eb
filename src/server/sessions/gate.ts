import type { TallyError } from "../../protocol/errors.ts";

/** What is about to be started. */
export interface Launch {
  readonly agent: string;
  readonly cwd: string;
}

export type GateDecision = { readonly pass: true } | { readonly pass: false; readonly error: TallyError };

/** Decides whether a launch may go ahead. Every way of starting an agent goes through one of these. */
export type LaunchGate = (launch: Launch) => GateDecision;

/** No limit is known to be in force. */
export const openGate: LaunchGate = () => ({ pass: true });
