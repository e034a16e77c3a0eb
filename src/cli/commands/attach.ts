import { isatty } from "node:tty";
import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import { isEnded } from "../../protocol/states.ts";
import type { CliContext } from "../context.ts";
import { continuationWords, isHeld, isToContinue } from "../screen/continuation-words.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { showTerminal } from "../terminal/show-terminal.ts";
import { userTerminal } from "../terminal/user-terminal.ts";
import { exitCodeOfView } from "../terminal/view-end.ts";
import { readArguments, UsageError } from "../usage.ts";
import { resolveSession } from "../resolve-session.ts";

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { operands } = readArguments(args, {}, ["id"]);
  if (!isatty(0) || !isatty(1)) throw new UsageError("It needs a terminal. Elsewhere use: tally logs <id>");
  const session = await resolveSession(context.client, operands[0]);
  requireTerminal(session);
  if (isEnded(session)) {
    throw new TallyError("session-ended", `Session ${session.id} has ended. What it showed: tally logs ${session.id}`);
  }
  return showInTerminal(session, context);
}

/** @throws {TallyError} `not-attachable` for a session whose terminal is not ours */
export function requireTerminal({ id, mode }: Session): void {
  switch (mode) {
    case "pty":
      return;
    case "pipes":
      throw new TallyError("not-attachable", `Session ${id} runs in the pipes of its caller and has no terminal.`);
    case "external":
      throw new TallyError(
        "not-attachable",
        `Session ${id} was started outside Tally and runs in a terminal of its own: go on with it there.`,
      );
    case "headless":
      throw new TallyError(
        "not-attachable",
        `Session ${id} works without a terminal. See its tasks: tally queue. Give it one: tally run "<prompt>" --session ${id}`,
      );
  }
}

/** Shows a session in this process's terminal, until either is over. @returns the exit code of `tally`. */
export async function showInTerminal(session: Session, { client }: CliContext): Promise<number> {
  say(`[Tally] ${describe(session)}: Ctrl-\\ twice detaches`);
  const end = await showTerminal({
    client,
    of: { kind: "session", id: session.id },
    terminal: userTerminal(),
    onTerminate: (detach) => detach(),
  });
  return exitCodeOfView(end, session.id, isHeld(session) ? "it starts by itself" : "the agent runs on");
}

export function terminalSize(): { cols: number; rows: number } {
  return userTerminal().size();
}

function describe(session: Session): string {
  const title = printable(session.title);
  const words = isToContinue(session) ? continuationWords(session, { nowMs: Date.now() }) : null;
  if (isHeld(session)) return `${title} is held and ${words ?? "does not start by itself"}`;
  return words === null ? title : `${title} is paused and ${words}`;
}
