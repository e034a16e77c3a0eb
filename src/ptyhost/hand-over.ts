/** What the program before left in the terminal besides the modes that `restore` undoes. */
export interface LeftBehind {
  readonly title: boolean;
  /** OSC 9;4: terminals show it until it is taken back. */
  readonly progress: boolean;
}

/** A program that was killed may have stopped anywhere: some terminals end a sequence at CAN, the others a string at ST. */
const END_SEQUENCE = "\x18\x1b\\";
/** Synchronized output: a terminal draws nothing more until its end. */
const END_FRAME = "\x1b[?2026l";
/** Some terminals keep each of these for itself, and what `restore` undoes is the one set last. */
const MOUSE_OFF = "\x1b[?9;1000;1002;1003l";
const END_LINK = "\x1b]8;;\x1b\\";
const PLAIN_TEXT = "\x0f\x1b(B\x1b)B\x1b[m";

/**
 * What makes a terminal fit for the next program, after one that may have ended in the middle of anything. The text stays, and so do
 * colours that were redefined: what they were before is the person's, and only their terminal knows it.
 */
export function handOver(restore: string, left: LeftBehind): string {
  const clearTitle = left.title ? "\x1b]0;\x07" : "";
  const clearProgress = left.progress ? "\x1b]9;4;0\x07" : "";
  return END_SEQUENCE + END_FRAME + restore + MOUSE_OFF + END_LINK + PLAIN_TEXT + clearTitle + clearProgress;
}
