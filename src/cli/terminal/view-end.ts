import { constants } from "node:os";
import { exitCodeOfError, exitCodeOfProgram, exitCodes } from "../exit-codes.ts";
import { say } from "../talk.ts";
import type { ViewEnd } from "./show-terminal.ts";

/**
 * Says what there is to say at the end of a view. @returns the exit code of `tally`.
 * @param outlook what becomes of a session that was detached.
 */
export function exitCodeOfView(end: ViewEnd, sessionId: string, outlook = "the agent runs on"): number {
  switch (end.kind) {
    case "exited":
      return exitCodeOfProgram(end);
    case "detached":
      say(`[Tally] Detached; ${outlook}. tally attach ${sessionId}`);
      return exitCodes.ok;
    case "hung-up":
      return 128 + constants.signals.SIGHUP;
    case "failed":
      say(`tally: ${end.error.message}`);
      return exitCodeOfError(end.error.code);
  }
}
