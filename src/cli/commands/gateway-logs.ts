import { watch } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { exitCodes } from "../exit-codes.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import type { RunCommand } from "../command-table.ts";

const LINES = "50";

/** Prints the end of the gateway's log; `-f` goes on with what is written from then on, until interrupted. */
export const run: RunCommand = async (args, { home }) => {
  const { values } = readArguments(
    args,
    { follow: { type: "boolean", short: "f" }, lines: { type: "string", short: "n", default: LINES } },
    [],
  );
  if (!/^\d+$/.test(values.lines)) throw new UsageError(`"${values.lines}" is no number of lines.`);
  const text = await readFile(home.gatewayLog).catch(() => null);
  if (text === null) {
    say(`There is no log yet: ${home.gatewayLog}`);
    return values.follow ? follow(home.gatewayLog, home.logs, 0) : exitCodes.failure;
  }
  process.stdout.write(lastLines(text.toString("utf8"), Number(values.lines)));
  return values.follow ? follow(home.gatewayLog, home.logs, text.length) : exitCodes.ok;
};

export function lastLines(text: string, count: number): string {
  if (count === 0) return "";
  const lines = text.split("\n");
  const isTerminated = lines.at(-1) === "";
  return lines.slice(-(count + (isTerminated ? 1 : 0))).join("\n");
}

/** @param from byte offset of what was printed already. Never resolves. */
function follow(file: string, folder: string, from: number): Promise<never> {
  let offset = from;
  let reading = Promise.resolve();
  const printNew = async () => {
    const size = await stat(file).then(
      (found) => found.size,
      () => 0,
    );
    // Smaller than before: the log was rotated, and this is a new file.
    if (size < offset) offset = 0;
    if (size === offset) return;
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - offset), 0, size - offset, offset);
      process.stdout.write(buffer.subarray(0, bytesRead));
      offset += bytesRead;
    } finally {
      await handle.close();
    }
  };
  return new Promise((_resolve, reject) => {
    watch(folder, (_kind, changed) => {
      if (changed === basename(file)) reading = reading.then(printNew).catch(reject);
    });
  });
}
