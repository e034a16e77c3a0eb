import { type CommandEntry, type CommandName, commands, type HelpEntry } from "../command-table.ts";

/** An option, as the help tells it. */
export interface Flag {
  /** With its dashes. */
  readonly name: string;
  /** What the help writes for its value; null for one that has none. */
  readonly value: string | null;
  /** What it does, where the help has a line for it. */
  readonly about: string;
}

/** An option, and what looks like a value behind one blank: `NAME`, `STATE,...`, `30m` or `<lines>`. More blanks end a column. */
const mentioned =
  /(?<![\w-])(--[a-z][a-z-]*|-[a-z](?![\w-]))(?: (?! )(<[a-z]+>|[A-Z]+(?![a-z])[^\s|\]:;]*|\d+[a-z]+))?/g;
/** A line of the help for one option. */
const described = /^(--[a-z][a-z-]*)(?: \S+)? {2,}(.*)$/;
/** A line of another command, in backticks or not. */
const another = /`[^`]*`|\btally [a-z]+(?: <[^>]*>| --[a-z-]+)*/g;

/** The options of a command, or of one of its actions that has a help of its own. */
export function flagsOfCommand(name: CommandName, action: string | null): Flag[] {
  const { actions, ...itself }: CommandEntry = commands[name];
  const own = action === null ? undefined : actions?.[action];
  // Where actions have their own help, the details of the command are about them.
  return flagsOf(own ?? (actions === undefined ? itself : { ...itself, details: [] }));
}

/** Those that a help names, so that there is none that only one of the two knows. */
export function flagsOf({ usage, details }: HelpEntry): Flag[] {
  const flags = new Map<string, Flag>();
  for (const line of [usage, ...details].map((text) => text.replace(another, ""))) {
    const [, own, about = ""] = described.exec(line) ?? [];
    for (const [, name = "", value] of line.matchAll(mentioned)) {
      const known = flags.get(name);
      flags.set(name, {
        name,
        value: known?.value ?? value ?? null,
        about: known?.about || (name === own ? firstSentence(about) : ""),
      });
    }
  }
  return [...flags.values()];
}

function firstSentence(text: string): string {
  return text.split(/[:;.](?= |$)/)[0] ?? "";
}
