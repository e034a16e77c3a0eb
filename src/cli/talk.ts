import { writeSync } from "node:fs";

/**
 * Says something to the person, on stderr. Not with `process.stderr`: touching that makes the descriptor non-blocking for an
 * agent that shares it, whose own writes could then fail.
 */
export function say(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // Nobody reads stderr (any more); there is nobody to tell.
  }
}
