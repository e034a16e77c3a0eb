import { type AgentName, isAgentName } from "../protocol/agents.ts";
import { type CommandName, isCommandName } from "./command-table.ts";
import { type LaunchOptions, readLaunchOptions } from "./launch-options.ts";

/** A command line that starts an agent. */
export type RunIntent =
  | {
      readonly kind: "agent";
      readonly agent: AgentName;
      readonly args: readonly string[];
      readonly options: LaunchOptions;
    }
  | {
      readonly kind: "program";
      readonly words: readonly [string, ...string[]];
      /** The person left no doubt that a program is meant; otherwise a missing one may be a mistyped subcommand. */
      readonly explicit: boolean;
      readonly options: LaunchOptions;
    }
  /** The agent that a persona names. */
  | {
      readonly kind: "persona";
      readonly persona: string;
      readonly args: readonly string[];
      readonly options: LaunchOptions;
    };

/** What a command line asks for. */
export type Intent =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "command"; readonly name: CommandName; readonly args: readonly string[] }
  /** A shell asks what may stand at the cursor; not for people, and in no help. */
  | { readonly kind: "completion"; readonly args: readonly string[] }
  | RunIntent
  | { readonly kind: "misuse"; readonly problem: string };

/**
 * After the options for a launch, the first word is a subcommand, else an agent, else a program. After `--` it is a program whatever its
 * name. With a persona it may be the persona's agent, and all else is for that one.
 */
export function interpret(words: readonly string[]): Intent {
  if (words[0] === "__complete") return { kind: "completion", args: words.slice(1) };
  const read = readLaunchOptions(words);
  if ("problem" in read) return misuse(read.problem);
  const { options, rest } = read;
  const [first, ...others] = rest;
  const hasOptions = rest.length < words.length;
  if (first === "--help" || first === "-h" || words.length === 0) return { kind: "help" };
  if (options.trust && options.persona === null) return misuse("--trust goes with --persona.");
  if (options.persona !== null) return interpretPersona(options.persona, rest, options);
  if (first === undefined) return misuse("There is no agent after the options.");
  if (first === "--") return interpretProgram(others, options);
  if (first === "") return misuse("The first word is empty.");
  if (isAgentName(first)) return { kind: "agent", agent: first, args: others, options };
  if (hasOptions && (first === "help" || isCommandName(first))) {
    return misuse(
      `"${first}" is a command of Tally, and options before it are for agents. If it is a program, put -- before it.`,
    );
  }
  if (first === "--version" || first === "-v" || first === "-V") return { kind: "version" };
  if (first === "help") return interpretHelp(others);
  if (isCommandName(first)) return { kind: "command", name: first, args: others };
  if (first.startsWith("-")) return misuse(`There is no option "${first}".`);
  return { kind: "program", words: [first, ...others], explicit: /[/\\]/.test(first), options };
}

function interpretPersona(persona: string, rest: readonly string[], options: LaunchOptions): Intent {
  const [first, ...args] = rest;
  if (first === "--") return { kind: "persona", persona, args, options };
  if (first !== undefined && isAgentName(first)) return { kind: "agent", agent: first, args, options };
  return { kind: "persona", persona, args: rest, options };
}

function interpretProgram([program, ...args]: readonly string[], options: LaunchOptions): Intent {
  if (program === undefined) return misuse("There is no command after `--`.");
  return { kind: "program", words: [program, ...args], explicit: true, options };
}

/** `tally help list` is `tally list --help`. */
function interpretHelp([topic, ...words]: readonly string[]): Intent {
  if (topic !== undefined && isCommandName(topic)) return { kind: "command", name: topic, args: [...words, "--help"] };
  return { kind: "help" };
}

function misuse(problem: string): Intent {
  return { kind: "misuse", problem };
}
