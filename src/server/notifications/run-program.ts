import { execFile } from "node:child_process";
import { promisify } from "node:util";

const TIMEOUT_MS = 10_000;

/** Runs a program of the system's that shows a notification, without a shell. @param words are added to its environment. */
export async function runProgram(
  file: string,
  args: readonly string[],
  words: Record<string, string> = {},
): Promise<void> {
  await promisify(execFile)(file, args, {
    env: { ...process.env, ...words },
    timeout: TIMEOUT_MS,
    windowsHide: true,
  });
}
