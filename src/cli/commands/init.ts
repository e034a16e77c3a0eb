import { writeFile } from "node:fs/promises";
import { TallyError } from "../../protocol/errors.ts";
import { parseTallyJson } from "../../protocol/tally-json.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { isOnPath, missingPrograms } from "../worktree/missing-programs.ts";

const options = { print: { type: "boolean" }, force: { type: "boolean" } } as const;

export async function run(args: readonly string[], { client, env }: CliContext): Promise<number> {
  const { values } = readArguments(args, options, []);
  const { print = false, force = false } = values;
  if (print && force) throw new UsageError("--print writes no file, so it goes without --force.");
  const { path, text, found } = await client.call("proposeTallyJson", { query: { cwd: process.cwd() } });
  say(
    found.length === 0
      ? "Found nothing to set up by itself."
      : ["Found:", ...found.map((each) => `  ${printable(each)}`)].join("\n"),
  );
  sayMissing(text, env);
  if (print) {
    process.stdout.write(text);
    return exitCodes.ok;
  }
  await write(path, text, force);
  say(`Wrote ${path}. Read and change it, then: tally add <name>`);
  return exitCodes.ok;
}

/** What would fail for want of a program, before it does. */
function sayMissing(text: string, env: NodeJS.ProcessEnv): void {
  const parsed = parseTallyJson(text);
  if (!("content" in parsed)) return;
  for (const { program, run } of missingPrograms(parsed.content, (name) => isOnPath(name, env))) {
    say(`There is no ${program} on your PATH. Install it, or change the line in tally.json: ${printable(run)}`);
  }
}

/** Never over a file that is there, unless told to. @throws {TallyError} */
async function write(path: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") {
      const ways = "See what would be in it: tally init --print. Replace it: tally init --force";
      throw new TallyError("invalid-request", `${path} is there already. ${ways}`);
    }
    throw new TallyError("folder-unreadable", `${path} cannot be written: ${message}`);
  }
}
