import type { ProgramStatus } from "../../../protocol/ptyhost.ts";
import type { Activity, TimedReading } from "../reading.ts";
import { firstLine } from "../first-line.ts";
import { limitInMessage, limitShown } from "./limits.ts";
import { sentence, waitsFor } from "./words.ts";

/** OSC 7501, as 2.1.329 sends it: `done` ends a turn, `idle` stands for a start, or a turn that a person broke off. */
export function readStatus({ state, message }: ProgramStatus): readonly TimedReading[] {
  const said = message === null ? "" : firstLine(message);
  switch (state) {
    case "working":
      return status(state, "working", said ? `It is working: ${said}` : "It is working.");
    case "blocked":
      return status(state, "waiting", blocked(said));
    case "done":
      return status(state, "idle", "It has finished its turn.");
    case "idle":
      return status(state, "interrupted", "It is ready for a prompt.");
    case "error": {
      const limit = limitInMessage(message ?? "", Date.now());
      const stopped = status(state, limit ? "limited" : "failed", said || "The turn failed.");
      return limit ? [...stopped, { type: "limit", limit, signal: signalOf(state) }] : stopped;
    }
    case "clear":
      return [];
  }
}

/** "approve Bash: touch x", "dialog open", "input needed" */
function blocked(said: string): string {
  if (said === "") return "It waits for you.";
  return /^(?:approve |answer: )/.test(said)
    ? `It waits for you to ${said}`
    : (waitsFor.get(said) ?? `It waits for you: ${said}`);
}

function status(state: ProgramStatus["state"], activity: Activity, text: string): TimedReading[] {
  return [{ type: "activity", activity, text: sentence(text), signal: signalOf(state) }];
}

function signalOf(state: ProgramStatus["state"]): string {
  return `OSC 7501: ${state}`;
}

const rule = "\\n[─▔]{20,}\\n";
const anyRows = "(?:[^\\n]*\\n)*";
const permission = `${rule}${anyRows} Do you want to [^\\n]+\\?\\n(?: [❯ ] \\d\\. [^\\n]+\\n(?: {6}[^\\n]+\\n)*)+`;

/** Dialogs stand at the very bottom, and the composer is not there meanwhile. What is in a conversation stands above the composer. */
const dialogs: readonly { readonly lastRow: RegExp; readonly above: RegExp; readonly text: string }[] = [
  {
    lastRow: /^ Esc to cancel · Tab to amend(?: ·|$)/,
    above: new RegExp(`${permission}\\s*$`),
    text: "It waits for your permission.",
  },
  {
    lastRow: /^ [❯ ] \d\. No, and tell Claude what to do differently \(esc\)$/,
    above: new RegExp(`${permission}$`),
    text: "It waits for your permission.",
  },
  {
    lastRow: /^Enter to select · (?:↑\/↓|Tab\/Arrow keys) to navigate · Esc to cancel$/,
    above: new RegExp(`${rule}(?: ☐|← )[^\\n]*\\n\\n${anyRows}[❯ ] 1\\. ${anyRows}`),
    text: "It asks you something.",
  },
];

/** What 2.1.197 opens after a limit, and 2.1.329 where it does not go on by itself. Nobody need answer it. */
const limitDialog = {
  lastRow: /^ {2}Enter to confirm · Esc to cancel$/,
  above: new RegExp(
    `${rule} {2}What do you want to do\\?\\n${anyRows} {2}[❯ ] \\d\\. Stop and wait for limit to reset\\n`,
  ),
};
/** What it said of the limit, above that dialog. */
const limitNotice = /^ {2}⎿\s+(You've hit your .*)$/gm;

/** The composer between its two rules, with at most this much below it; `above` ends in the row before it. */
const composer = /^(?<above>[^]*)\n─{20,}[^\n]*\n❯[^\n]*\n(?: {2}[^\n]*\n)*─{20,}(?<footer>(?:\n[^\n]*){0,6})$/;
const spinner = /\n[·✢✳✶✻✽*] \S[^\n]*…[^\n]*(?:\n {20,}[^\n]*)?\s*$/;

/** The visible rows, for when nothing else speaks: the exact shapes of what Claude Code shows. */
export function readScreen(rows: string): readonly TimedReading[] {
  const shown = `\n${rows.replace(/[^\S\n]+$/gm, "").trimEnd()}`;
  const breakAt = shown.lastIndexOf("\n");
  const lastRow = shown.slice(breakAt + 1);
  const rowsAbove = shown.slice(0, breakAt + 1);
  const dialog = dialogs.find((each) => each.lastRow.test(lastRow) && each.above.test(rowsAbove));
  if (dialog) return screen("waiting", dialog.text, "dialog");
  if (limitDialog.lastRow.test(lastRow) && limitDialog.above.test(rowsAbove)) {
    return limited([...rowsAbove.matchAll(limitNotice)].at(-1)?.[1] ?? "It has hit a usage limit.");
  }
  const { above, footer = "" } = composer.exec(shown)?.groups ?? {};
  if (above === undefined) return [];
  const reached = /^ {2}⚠ (Usage limit reached · limit resets .*)$/m.exec(footer)?.[1];
  if (reached !== undefined) return limited(reached);
  const isWorking = /^ {2}(?:.* · )?esc to interrupt(?: ·|$)/m.test(footer) || spinner.test(above);
  return isWorking
    ? screen("working", "It is working.", "spinner")
    : screen("idle", "It is ready for a prompt.", "composer");
}

function limited(words: string): TimedReading[] {
  const limit = limitShown(words, Date.now());
  return [
    ...screen("limited", sentence(words), "usage limit"),
    { type: "limit", limit, signal: "screen: usage limit" },
  ];
}

function screen(activity: Activity, text: string, shape: string): TimedReading[] {
  return [{ type: "activity", activity, text, signal: `screen: ${shape}` }];
}
