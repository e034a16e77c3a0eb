import type { Activity, TimedReading } from "../reading.ts";

/** The lower edge of the composer, which is the last thing on the screen but for a line of hints and the version. */
const composerEdge = /^\s*╹▀{10,}\s*$/;
const answersOfPermission = /^\s*┃\s+Allow once\s+Allow always\s+Reject\s/;
const keysOfQuestion = /^\s*┃\s+(?:⇆ tab\s+)?(?:↑↓ select\s+)?enter \w+\s+esc dismiss\s*$/;
const interruptKey = /\besc (?:again to )?interrupt\b/;
const commandsKey = /\bctrl\+p commands\s*$/;

/**
 * What opencode's screen shows, for when its server is not to be heard. Only the bottom is looked at, where neither the
 * agent's nor the person's words can be.
 */
export function readScreen(rows: string): readonly TimedReading[] {
  const lines = rows.split("\n").filter((line) => !/^[\s┃]*$/.test(line));
  const last = lines.at(-1) ?? "";
  if (answersOfPermission.test(last)) return [shown("waiting", "It asks for your permission.", "permission dialog")];
  if (keysOfQuestion.test(last)) return [shown("waiting", "It asks you a question.", "question dialog")];
  const edge = lines.findLastIndex((line) => composerEdge.test(line));
  const hints = edge === -1 ? "" : (lines[edge + 1] ?? "");
  if (interruptKey.test(hints)) return [shown("working", "It is working.", "esc interrupt")];
  if (commandsKey.test(hints)) return [shown("idle", "It is ready for a prompt.", "composer")];
  return [];
}

function shown(activity: Activity, text: string, what: string): TimedReading {
  return { type: "activity", activity, text, signal: `screen: ${what}` };
}
