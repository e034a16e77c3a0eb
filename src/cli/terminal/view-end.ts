import { constants } from "node:os";
import { exitCodeOfError, exitCodeOfProgram, exitCodes } from "../exit-codes.ts";
import { say } from "../talk.ts";
import type { ViewEnd } from "./show-session.ts";

/** Says what there is to say at the end of a view. @returns the exit code of `tally`. */
export function exitCodeOfView(end: ViewEnd, sessionId: string): number {
  switch (end.kind) {
    case "exited":
      return exitCodeOfProgram(end);
    case "detached":
      say(`[Tally] Detached; the agent runs on. tally attach ${sessionId}`);
      return exitCodes.ok;
    case "hung-up":
      return 128 + constants.signals.SIGHUP;
    case "failed":
      say(`tally: ${end.error.message}`);
      return exitCodeOfError(end.error.code);
  }
}
