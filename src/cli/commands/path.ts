import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { readArguments } from "../usage.ts";
import { resolveWorktree } from "../worktree/resolve-named.ts";

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { operands } = readArguments(args, {}, ["name"]);
  const { worktree } = await resolveWorktree(operands[0], context);
  process.stdout.write(`${worktree.path}\n`);
  return exitCodes.ok;
}
