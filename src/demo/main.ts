// The demo agent: it behaves like a coding agent, so that one can see what Tally does, and touches nothing.
import { parseArgs } from "node:util";
import { runHeadless } from "./headless.ts";
import { runInteractive } from "./interactive.ts";

const DEFAULT_STEP_MS = "400";
const help = `Usage: demo [prompt] [-p <prompt>] [--steps-ms <milliseconds>] [--resume <conversation>]

An agent for show: no network, no model, no changes. It is interactive on a terminal; with -p, or in a pipe, it
answers one prompt. Words in a prompt change what happens: permission, question, limit (limit 30s: it resets in half
a minute), fail, long, exit.
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
  if (options.print !== undefined) return runHeadless(options.print, stepMs);
  if (process.stdin.isTTY && process.stdout.isTTY) {
    return runInteractive(process.stdin, process.stdout, { stepMs, prompt: positionals[0], resumed: options.resume });
  }
  return runHeadless(positionals[0] ?? (await process.stdin.toArray()).join("").trim(), stepMs);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        help: { type: "boolean", short: "h", default: false },
        print: { type: "string", short: "p" },
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
