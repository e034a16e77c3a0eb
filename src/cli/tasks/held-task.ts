import { TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { pauseOfError } from "../pause-of-error.ts";
import { formatHeld } from "../screen/held-block.ts";
import { lineToCopy } from "../screen/shell-words.ts";
import { talkSurface } from "../screen/surface.ts";
import { say } from "../talk.ts";

/** Says what holds a task that was to begin now, and what can be done about it. @throws the error when it is another one */
export function sayHeldTask(error: unknown, args: readonly string[], { env }: Pick<CliContext, "env">): void {
  const pause = error instanceof TallyError ? pauseOfError(error) : null;
  if (pause === null) throw error;
  const ways = [
    { words: "Begin when it ends", line: lineToCopy(["tally", "run", "--wait"], args) },
    { words: "Begin anyway", line: lineToCopy(["tally", "run", "--force"], args) },
    { words: "Lift the pause", line: `tally unpause ${pause.id}` },
  ];
  say(formatHeld(pause, ways, talkSurface(env)).join("\n"));
}
