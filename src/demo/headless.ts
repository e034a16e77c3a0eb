import { setTimeout as delay } from "node:timers/promises";
import { answerTo, cueOf, stepsFor } from "./script.ts";

/** Answers one prompt without a terminal: the answer on stdout, what is done meanwhile on stderr. @returns the exit code. */
export async function runHeadless(prompt: string, stepMs: number): Promise<number> {
  const cue = cueOf(prompt);
  for (const step of stepsFor(cue)) {
    await delay(stepMs);
    process.stderr.write(`${step}\n`);
  }
  process.stdout.write(`${answerTo(cue, prompt, Date.now())}\n`);
  return cue === "limit" || cue === "fail" ? 1 : 0;
}
