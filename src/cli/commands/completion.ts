import { didYouMean } from "../suggest.ts";
import type { RunCommand } from "../command-table.ts";
import { completionScripts, isShell, shells } from "../completion/scripts.ts";
import { exitCodes } from "../exit-codes.ts";
import { readArguments, UsageError } from "../usage.ts";

export const run: RunCommand = (args) => {
  const { operands } = readArguments(args, {}, ["shell"]);
  const [shell] = operands;
  if (!isShell(shell)) {
    const meant = didYouMean(shell, shells);
    throw new UsageError(`There is no completion for "${shell}". ${meant || `There is: ${shells.join(", ")}.`}`);
  }
  process.stdout.write(completionScripts[shell]);
  return Promise.resolve(exitCodes.ok);
};
