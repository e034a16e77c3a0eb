import { TallyError } from "../protocol/errors.ts";
import { exitCodeOfError, exitCodes } from "./exit-codes.ts";
import { printJson } from "./screen/print.ts";
import { say } from "./talk.ts";

/**
 * Does it to each; one that is refused keeps the others from nothing. With `json` what became of those that were not is printed.
 * @param how `command` is what says why one was refused
 * @returns the exit code
 */
export async function changeEach<T>(
  ids: readonly string[],
  { command, json }: { readonly command: string; readonly json: boolean },
  change: (id: string) => Promise<T>,
): Promise<number> {
  const changed: T[] = [];
  let exitCode: number = exitCodes.ok;
  for (const id of ids) {
    try {
      changed.push(await change(id));
    } catch (error) {
      if (!(error instanceof TallyError)) throw error;
      say(`tally ${command}: ${error.message}`);
      exitCode = exitCodeOfError(error.code);
    }
  }
  if (json) printJson(changed);
  return exitCode;
}
