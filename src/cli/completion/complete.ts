import { cliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { bashReplies, readBashLine } from "./bash-words.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";
import { type Expected, expectedAt } from "./expected.ts";
import { askKnown } from "./known.ts";
import { isShell } from "./scripts.ts";

/**
 * What the shells' scripts ask, of `tally __complete`: `bash <break characters> <line up to the cursor>`, or `zsh` or `fish` with the
 * words up to the cursor, without their quotes. The first line of the answer says whether the shell is to complete `files`, or one of the
 * `words` that follow: for bash ready to be put there, for the others as they are, with a tab and what they are behind them.
 */
export async function complete([shell, ...args]: readonly string[], folder: string): Promise<number> {
  if (shell === undefined || !isShell(shell)) return exitCodes.usage;
  const lines = shell === "bash" ? await forBash(args, folder) : await forOthers(args, folder);
  process.stdout.write(`${lines.join("\n")}\n`);
  return exitCodes.ok;
}

async function forBash([breaks = "", line = ""]: readonly string[], folder: string): Promise<string[]> {
  const read = readBashLine(line, breaks);
  const expected = expectedAt(read.words.slice(1));
  const values = (await candidates(expected, folder)).map(({ value }) => value);
  return [isOfFiles(expected) ? "files" : "words", ...bashReplies(read, values)];
}

async function forOthers(words: readonly string[], folder: string): Promise<string[]> {
  const expected = expectedAt(words);
  const lines = (await candidates(expected, folder)).map(({ value, about }) =>
    about === "" ? value : `${value}\t${about}`,
  );
  return [isOfFiles(expected) ? "files" : "words", ...lines];
}

async function candidates(expected: Expected, folder: string): Promise<Candidate[]> {
  const context = cliContext(folder);
  try {
    return candidatesFor(expected, await askKnown(expected, context, process.cwd()));
  } finally {
    context.dispose();
  }
}

function isOfFiles({ kinds, prefix }: Expected): boolean {
  return kinds.includes("file") && prefix === "";
}
