import { isatty } from "node:tty";
import { TallyError } from "../../protocol/errors.ts";
import { isEnded } from "../../protocol/states.ts";
import type { CliContext } from "../context.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { showSession } from "../terminal/show-session.ts";
import { userTerminal } from "../terminal/user-terminal.ts";
import { exitCodeOfView } from "../terminal/view-end.ts";
import { readArguments, UsageError } from "../usage.ts";
import { resolveSession } from "./resolve.ts";

export async function run(args: readonly string[], { client }: CliContext): Promise<number> {
  const { operands } = readArguments(args, {}, ["id"]);
  if (!isatty(0) || !isatty(1)) throw new UsageError("It needs a terminal. Elsewhere use: tally logs <id>");
  const session = await resolveSession(client, operands[0]);
  if (session.mode === "pipes") {
    throw new TallyError(
      "not-attachable",
      `Session ${session.id} runs in the pipes of its caller and has no terminal.`,
    );
  }
  if (isEnded(session)) {
    throw new TallyError("session-ended", `Session ${session.id} has ended. What it showed: tally logs ${session.id}`);
  }
  say(`[Tally] ${printable(session.title)}: Ctrl-\\ twice detaches`);
  const end = await showSession({
    client,
    sessionId: session.id,
    terminal: userTerminal(),
    onTerminate: (detach) => detach(),
  });
  return exitCodeOfView(end, session.id);
}
