import { type AgentName, isAgentName } from "../protocol/agents.ts";
import { type CommandName, isCommandName } from "./command-table.ts";

/** What a command line asks for. */
export type Intent =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "command"; readonly name: CommandName; readonly args: readonly string[] }
  | { readonly kind: "agent"; readonly agent: AgentName; readonly args: readonly string[] }
  | {
      readonly kind: "program";
      readonly words: readonly [string, ...string[]];
      /** The person left no doubt that a program is meant; otherwise a missing one may be a mistyped subcommand. */
      readonly explicit: boolean;
    }
  | { readonly kind: "misuse"; readonly problem: string };

/** The first word is a subcommand, else an agent, else a program. After `--` it is a program whatever its name. */
export function interpret(words: readonly string[]): Intent {
  const [first, ...rest] = words;
  if (first === undefined || first === "--help" || first === "-h") return { kind: "help" };
  if (first === "--version" || first === "-v" || first === "-V") return { kind: "version" };
  if (first === "--") {
    const [program, ...args] = rest;
    return program === undefined
      ? { kind: "misuse", problem: "There is no command after `--`." }
      : { kind: "program", words: [program, ...args], explicit: true };
  }
  if (first === "") return { kind: "misuse", problem: "The first word is empty." };
  if (first === "help") return interpretHelp(rest);
  if (isCommandName(first)) return { kind: "command", name: first, args: rest };
  if (isAgentName(first)) return { kind: "agent", agent: first, args: rest };
  if (first.startsWith("-")) return { kind: "misuse", problem: `There is no option "${first}".` };
  return { kind: "program", words: [first, ...rest], explicit: /[/\\]/.test(first) };
}

/** `tally help list` is `tally list --help`. */
function interpretHelp([topic]: readonly string[]): Intent {
  if (topic !== undefined && isCommandName(topic)) return { kind: "command", name: topic, args: ["--help"] };
  return { kind: "help" };
}
