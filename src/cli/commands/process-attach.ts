import { isatty } from "node:tty";
import { constants } from "node:os";
import type { CliContext } from "../context.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { commandLine } from "../screen/shell-words.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { showTerminal } from "../terminal/show-terminal.ts";
import { userTerminal } from "../terminal/user-terminal.ts";
import { UsageError } from "../usage.ts";
import type { ProcessOrder } from "./process.ts";

/** Shows the terminal of one process here, until it has ended or the person detaches. */
export async function attachProcess({ found, processes }: ProcessOrder, { client }: CliContext): Promise<number> {
  const { name: worktree } = found.worktree;
  const [process, ...others] = processes;
  if (process === undefined || others.length > 0) {
    throw new UsageError(`Which one? ${processes.map(({ name }) => printable(name)).join(", ")}`);
  }
  const logs = commandLine(["tally", "process", "logs", worktree, process.name]);
  if (!isatty(0) || !isatty(1)) throw new UsageError(`It needs a terminal. Elsewhere use: ${logs}`);
  say(`[Tally] ${printable(process.name)} of ${printable(worktree)}: Ctrl-\\ twice detaches`);
  const end = await showTerminal({
    client,
    of: { kind: "process", id: process.id },
    terminal: userTerminal(),
    onTerminate: (detach) => detach(),
  });
  switch (end.kind) {
    case "exited":
      say(`[Tally] ${printable(process.name)} has ended. What it printed: ${logs}`);
      return exitCodes.ok;
    case "detached":
      say(`[Tally] Detached; it runs on.`);
      return exitCodes.ok;
    case "hung-up":
      return 128 + constants.signals.SIGHUP;
    case "failed":
      say(`tally process: ${end.error.message}`);
      return exitCodeOfError(end.error.code);
  }
}
