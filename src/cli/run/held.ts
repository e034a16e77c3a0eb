import type { TallyError } from "../../protocol/errors.ts";
import type { Pause } from "../../protocol/limits.ts";
import type { RunIntent } from "../grammar.ts";
import { type LaunchOptions, wordsOfOptions } from "../launch-options.ts";
import { pauseOfError } from "../pause-of-error.ts";
import { formatHeld, type WayOn } from "../screen/held-block.ts";
import { pauseLine } from "../screen/pause-words.ts";
import { lineToCopy } from "../screen/shell-words.ts";
import { talkSurface } from "../screen/surface.ts";
import { say } from "../talk.ts";
import { wordsOfRun } from "./request.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Says what holds the launch, and the command lines that wait for its end, start in spite of it or lift it. */
export function sayHeldLaunch(error: TallyError, intent: RunIntent, env: Environment): void {
  const pause = pauseOfError(error);
  if (pause === null) say(`tally: ${error.message}`);
  else say(formatHeld(pause, waysOn(intent, pause), talkSurface(env)).join("\n"));
}

export function waysOn(intent: RunIntent, { id }: Pick<Pause, "id">): WayOn[] {
  const { head, rest } = wordsOfRun(intent);
  const line = (whenHeld: LaunchOptions["whenHeld"]) =>
    lineToCopy(["tally", ...wordsOfOptions({ ...intent.options, whenHeld }), ...head], rest);
  return [
    { words: "Start when it ends", line: line("wait") },
    { words: "Start anyway", line: line("start") },
    { words: "Lift the pause", line: `tally unpause ${id}` },
  ];
}

/** One line for a launch that a pause did not hold. */
export function startedInSpite(pause: Pause, env: Environment): string {
  const surface = talkSurface(env);
  return surface.style("yellow", `[Tally] Started in spite of a pause: ${pauseLine(pause, surface)}`);
}
