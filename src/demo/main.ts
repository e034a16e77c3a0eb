// The demo agent: it behaves like a coding agent, so that one can see what Tally does. It touches nothing but what a prompt with --json names.
import { parseArgs } from "node:util";
import { runHeadless } from "./headless.ts";
import { runInteractive } from "./interactive.ts";
import { runJsonLines } from "./json-lines.ts";

const DEFAULT_STEP_MS = "400";
const help = `Usage: demo [prompt] [-p <prompt>] [--json] [--steps-ms <milliseconds>] [--resume <conversation>]

An agent for show: no network, no model, no changes. It is interactive on a terminal; with -p, or in a pipe, it
answers one prompt. Words in a prompt change what happens: permission, question, limit (limit 30s: it resets in half
a minute), fail, long, exit.

With --json it reads a prompt from standard input, obeys it line by line, and prints what it does as JSON. Lines:
  say <text>               tool <text>             tokens <input> <output> <dollars>
  touch <path>             append <path> <text>    wait-for <path>          spawn-child <path>
  fail <text>              exit <code>             refuse-quickly [path]: with a path, only once
  limit five-hour|weekly <epoch seconds, or +seconds>
Anything else it says back.
`;

void main().then((exitCode) => (process.exitCode = exitCode));

async function main(): Promise<number> {
  const given = readOptions();
  if (given === null) return 2;
  const { values: options, positionals } = given;
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  const stepMs = Number(options["steps-ms"]);
  if (options.json) {
    const conversation = {
      id: options.resume ?? options.conversation ?? null,
      isResumed: options.resume !== undefined,
    };
    return runJsonLines(await readInput(), conversation);
  }
  if (options.print !== undefined) return runHeadless(options.print, stepMs);
  if (process.stdin.isTTY && process.stdout.isTTY) {
    return runInteractive(process.stdin, process.stdout, { stepMs, prompt: positionals[0], resumed: options.resume });
  }
  return runHeadless(positionals[0] ?? (await readInput()).trim(), stepMs);
}

async function readInput(): Promise<string> {
  return (await process.stdin.setEncoding("utf8").toArray()).join("");
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        help: { type: "boolean", short: "h", default: false },
        print: { type: "string", short: "p" },
        json: { type: "boolean", default: false },
        "steps-ms": { type: "string", default: DEFAULT_STEP_MS },
        // Its own is of no use to it; Tally knows the conversation by it.
        conversation: { type: "string" },
        resume: { type: "string" },
      },
      allowPositionals: true,
    });
  } catch (error) {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n${help}`);
    return null;
  }
}
