import { constants } from "node:fs";
import { open } from "node:fs/promises";

const MAX_BYTES = 4 * 1024 * 1024;

export interface JsonFileValue {
  readonly value: unknown;
  readonly writtenAt: number;
}

/**
 * Follows a file that is replaced. Each call reads it: undefined when it says nothing new, is not there, or is no JSON, be it
 * because it is just being written.
 */
export function jsonFileReader(path: string): () => Promise<JsonFileValue | undefined> {
  let last: { readonly text: string; readonly writtenNs: bigint } | undefined;
  return async () => {
    const current = await readWhole(path);
    if (current === undefined || (current.text === last?.text && current.writtenNs === last.writtenNs))
      return undefined;
    let value: unknown;
    try {
      value = JSON.parse(current.text);
    } catch {
      // Half written: the rest comes with the next change, or with the next look.
      return undefined;
    }
    last = current;
    return { value, writtenAt: Number(current.writtenNs / 1_000_000n) };
  };
}

async function readWhole(path: string): Promise<{ text: string; writtenNs: bigint } | undefined> {
  try {
    // A pipe in its place must not hang us.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile() || stats.size > MAX_BYTES) return undefined;
    return { text: await file.readFile("utf8"), writtenNs: stats.mtimeNs };
  } catch {
    // Not there yet or not any more: that it ended, others know better.
    return undefined;
  }
}
