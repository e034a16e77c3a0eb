import type { ProgramStatus } from "../../../protocol/ptyhost.ts";
import type { Whereabouts } from "../adapter.ts";
import { readProgramStatus } from "../program-status.ts";
import type { Activity, TimedReading } from "../reading.ts";

/**
 * OSC 7501 as Codex sends it, beside better sources where there are any. Its "idle" means an interrupted turn, or a key pressed after one
 * that ended whatever way, and its "error" a failure or a usage limit alike: the rollout tells these apart. Before the first prompt its
 * "working" is Codex's own start; the rollout, and the hook that tells where it is, come with that prompt.
 */
export function readStatus(status: ProgramStatus, { transcriptPath, launch }: Whereabouts): readonly TimedReading[] {
  const isOwnStart = launch["hasRollout"] === "true" && transcriptPath === null && status.state === "working";
  const isVague = transcriptPath !== null && (status.state === "idle" || status.state === "error");
  return isOwnStart || isVague ? [] : readProgramStatus(status);
}

const SPINNER = /^[\u2800-\u28ff] /u;
/** It blinks: every other title has "." in place of "!". */
const ACTION_REQUIRED = /^\[ [!.] \] Action Required(?: \||$)/;

/** Titles as Codex makes them unless told otherwise. An empty one is its farewell. */
export function readTitle(title: string): readonly TimedReading[] {
  if (title === "") return [];
  if (ACTION_REQUIRED.test(title)) return [activity("waiting", "Codex waits for you.", "title: Action Required")];
  if (SPINNER.test(title)) return [activity("working", "Codex is working.", "title: spinner")];
  return [activity("idle", "Codex is ready.", "title without spinner")];
}

/** A dialog: what it begins with, and the last line on the screen, which says how to answer. Between them is a choice. */
const dialogs = [
  {
    head: /^ {2}Hooks need review$/,
    foot: /^ {2}enter confirm · esc skip$/,
    text: "It asks whether to trust hooks that are new or changed.",
    signal: "screen: hooks need review",
  },
  {
    head: /^ {2}Would you like to .+\?$/,
    foot: /^ {2}Press enter to confirm or esc to cancel$/,
    text: "It wants your permission.",
    signal: "screen: approval",
  },
] as const;
const CHOICE = /^› \d\. /;

/** The dialogs that Codex may open before it speaks by any other means. Only one that stands at the bottom is open: an answer that quotes one stands above the composer. */
export function readScreen(rows: string): readonly TimedReading[] {
  const lines = rows.split("\n").map((line) => line.trimEnd());
  const foot = lines.findLast((line) => line !== "") ?? "";
  const open = dialogs.find(
    (dialog) =>
      dialog.foot.test(foot) &&
      isChoiceBelow(
        lines,
        lines.findLastIndex((line) => dialog.head.test(line)),
      ),
  );
  return open ? [activity("waiting", open.text, open.signal)] : [];
}

function isChoiceBelow(lines: readonly string[], head: number): boolean {
  return head >= 0 && lines.slice(head).some((line) => CHOICE.test(line));
}

function activity(activity: Activity, text: string, signal: string): TimedReading {
  return { type: "activity", activity, text, signal };
}
