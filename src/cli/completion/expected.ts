import { type CommandName, isCommandName } from "../command-table.ts";
import { isAgentName } from "../../protocol/agents.ts";
import { type Flag, flagsOfCommand } from "./flags.ts";
import { type Operands, operands, type Place, placeOfValue } from "./operands.ts";

/** What may stand where the cursor is. */
export interface Expected extends Place {
  readonly flags: readonly Flag[];
  /** Begins every candidate: `--agent=`, or `IDLE,` of a list. */
  readonly prefix: string;
  /** The words before it that are no options, the command and its action left out: a process is one of a worktree. */
  readonly before: readonly string[];
}

/** What stands before an agent; the rest of that line is the agent's. */
const launchFlags: readonly Flag[] = [
  { name: "--wait", value: null, about: "While a usage limit holds it: wait, then start" },
  { name: "--force", value: null, about: "Start although a usage limit holds it" },
  { name: "--persona", value: "NAME", about: "As this persona" },
  { name: "--trust", value: null, about: "Approve what the repository's persona wants to run" },
];
const helpFlag: Flag = { name: "--help", value: null, about: "Say more" };
const versionFlag: Flag = { name: "--version", value: null, about: "Print the version" };

const nothing: Expected = { kinds: [], words: [], flags: [], prefix: "", before: [] };

/**
 * What may stand at the last of the words, which is being typed.
 * @param words what stands behind `tally`.
 */
export function expectedAt(words: readonly string[]): Expected {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const launch = readFlags(before, launchFlags, "leading");
  if (launch.isValueDue) return expectedValue("--persona", "NAME", "");
  const [first, ...rest] = launch.words;
  if (first === undefined) return expectedFirst(typed, before);
  if (first === "help") return rest.length === 0 ? { ...nothing, kinds: ["command"] } : nothing;
  const hasOptions = before.length > launch.words.length;
  if (!hasOptions && !isAgentName(first) && isCommandName(first)) return expectedOfCommand(first, [...rest, typed]);
  return { ...nothing, kinds: ["file"] };
}

function expectedFirst(typed: string, before: readonly string[]): Expected {
  const isFirst = before.length === 0;
  const inline = valueIn(typed, launchFlags);
  if (inline) return inline;
  if (typed.startsWith("-")) {
    const others = launchFlags.filter(({ name }) => !before.includes(name));
    return { ...nothing, flags: isFirst ? [...others, helpFlag, versionFlag] : others };
  }
  return { ...nothing, kinds: isFirst ? ["command", "agent"] : ["agent"], words: isFirst ? ["help"] : [] };
}

function expectedOfCommand(name: CommandName, words: readonly string[]): Expected {
  const typed = words.at(-1) ?? "";
  const action = actionOf(name, words);
  const own = words.slice(action === null ? 0 : 1, -1);
  const flags = [...flagsOfCommand(name, action), helpFlag];
  if (own.includes("--")) return { ...nothing, kinds: ["file"] };
  const inline = valueIn(typed, flags);
  if (inline) return inline;
  const read = readFlags(own, flags, "anywhere");
  if (read.isValueDue) return expectedValue(read.last.name, read.last.value ?? "", typed);
  const left = flags.filter((flag) => flag.value !== null || !own.includes(flag.name));
  if (typed.startsWith("-")) return { ...nothing, flags: left };

  const its = operands[name];
  const taken: Operands = action === null ? its : (its.actions[action] ?? its);
  const place = taken.places[read.words.length] ?? (taken.isOpen ? taken.places.at(-1) : undefined);
  const actions = action === null && words.length === 1 ? Object.keys(its.actions) : [];
  if (place === undefined && actions.length === 0) return { ...nothing, flags: typed === "" ? left : [] };
  return {
    ...nothing,
    kinds: place?.kinds ?? [],
    words: [...actions, ...(place?.words ?? [])],
    before: read.words,
  };
}

/** The first word where that is an action, and not still being typed. */
function actionOf(name: CommandName, [word, ...others]: readonly string[]): string | null {
  return word !== undefined && others.length > 0 && Object.hasOwn(operands[name].actions, word) ? word : null;
}

type ReadFlags = { readonly words: readonly string[] } & (
  { readonly isValueDue: false } | { readonly isValueDue: true; readonly last: Flag }
);

/** Tells options and their values from the other words; the value of the last one may still be due. */
function readFlags(words: readonly string[], flags: readonly Flag[], where: "leading" | "anywhere"): ReadFlags {
  const others: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const flag = flags.find(({ name }) => name === word.split("=")[0]);
    if (flag === undefined) {
      if (where === "leading") return { words: words.slice(at), isValueDue: false };
      others.push(word);
    } else if (flag.value !== null && !word.includes("=")) {
      if (at === words.length - 1) return { words: others, isValueDue: true, last: flag };
      at++;
    }
  }
  return { words: others, isValueDue: false };
}

/** Where `--name=` is typed already, its value. */
function valueIn(typed: string, flags: readonly Flag[]): Expected | null {
  const split = typed.indexOf("=");
  const flag = flags.find(({ name, value }) => value !== null && name === typed.slice(0, Math.max(split, 0)));
  if (!flag) return null;
  const value = expectedValue(flag.name, flag.value ?? "", typed.slice(split + 1));
  return { ...value, prefix: typed.slice(0, split + 1) + value.prefix };
}

function expectedValue(flag: string, shown: string, typed: string): Expected {
  const place = placeOfValue(flag, shown);
  const isList = shown.includes(",...");
  return { ...nothing, ...place, prefix: isList ? typed.slice(0, typed.lastIndexOf(",") + 1) : "" };
}
