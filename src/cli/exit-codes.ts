import { constants } from "node:os";
import type { ErrorCode } from "../protocol/errors.ts";

/** What the exit status of `tally` means. While an agent runs, its own status passes through instead. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  gatewayNotRunning: 3,
  /** The launch is held until a usage limit resets (EX_TEMPFAIL). */
  held: 75,
  /** What was waited for did not happen in time, as timeout(1) says it. */
  timedOut: 124,
  programNotExecutable: 126,
  programMissing: 127,
  /** As a shell says that Ctrl-C ended something. */
  interrupted: 128 + constants.signals.SIGINT,
} as const;

const byError: Partial<Record<ErrorCode, number>> = {
  "session-ambiguous": exitCodes.usage,
  "worktree-ambiguous": exitCodes.usage,
  "name-invalid": exitCodes.usage,
  "agent-unknown": exitCodes.usage,
  "gateway-unreachable": exitCodes.gatewayNotRunning,
  "gateway-start-failed": exitCodes.gatewayNotRunning,
  "runtime-missing": exitCodes.gatewayNotRunning,
  paused: exitCodes.held,
  "program-not-executable": exitCodes.programNotExecutable,
  "program-missing": exitCodes.programMissing,
};

export function exitCodeOfError(code: ErrorCode): number {
  return byError[code] ?? exitCodes.failure;
}

/** How a program ended; both null when nobody knows. */
export interface ProgramExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** As a shell puts it into `$?`: the exit code, or 128 and the signal's number. */
export function exitCodeOfProgram({ exitCode, signal }: ProgramExit): number {
  if (signal !== null) {
    const number = (constants.signals as Record<string, number | undefined>)[signal];
    return number === undefined ? exitCodes.failure : 128 + number;
  }
  return exitCode ?? exitCodes.failure;
}
