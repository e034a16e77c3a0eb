import { writeFile } from "node:fs/promises";
import { TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";

const options = { print: { type: "boolean" }, force: { type: "boolean" } } as const;

export async function run(args: readonly string[], { client }: CliContext): Promise<number> {
  const { values } = readArguments(args, options, []);
  const { print = false, force = false } = values;
  if (print && force) throw new UsageError("--print writes no file, so it goes without --force.");
  const { path, text, found } = await client.call("proposeTallyJson", { query: { cwd: process.cwd() } });
  say(
    found.length === 0
      ? "Found nothing to set up by itself."
      : ["Found:", ...found.map((each) => `  ${printable(each)}`)].join("\n"),
  );
  if (print) {
    process.stdout.write(text);
    return exitCodes.ok;
  }
  await write(path, text, force);
  say(`Wrote ${path}. Read and change it, then: tally add <name>`);
  return exitCodes.ok;
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
