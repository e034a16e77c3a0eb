import { TallyError } from "../../protocol/errors.ts";
import { cliContext } from "../context.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { commandHelp, usageOf } from "../help.ts";
import { say } from "../talk.ts";
import { UsageError } from "../usage.ts";
import { describeCandidates, describeWorktrees } from "./candidates.ts";
import { type CommandName, commands } from "../command-table.ts";

/** Runs a subcommand. @returns its exit code. */
export async function runCommand(name: CommandName, args: readonly string[], folder: string): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(commandHelp(name, args[0]));
    return flushed(exitCodes.ok);
  }
  const context = cliContext(folder);
  try {
    const { run } = await commands[name].load();
    return await flushed(await run(args, context));
  } catch (error) {
    if (error instanceof UsageError) {
      say(`tally ${name}: ${error.message}\nUsage: tally ${usageOf(name, args[0])}`);
      return exitCodes.usage;
    }
    if (!(error instanceof TallyError)) throw error;
    say(`tally ${name}: ${error.message}`);
    if (error.code === "session-ambiguous") say(describeCandidates(error.details));
    if (error.code === "worktree-ambiguous") say(describeWorktrees(error.details));
    return exitCodeOfError(error.code);
  } finally {
    context.dispose();
  }
}

/** Where pipes are written asynchronously, exiting at once would cut the output short. */
function flushed(exitCode: number): Promise<number> {
  return new Promise((resolve) => process.stdout.write("", () => resolve(exitCode)));
}
