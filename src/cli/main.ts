import { join } from "node:path";
import { exitCodes } from "./exit-codes.ts";
import { interpret, type Intent } from "./grammar.ts";
import { say } from "./talk.ts";

void main();

async function main(): Promise<void> {
  // `tally list | head` closes the pipe early: what it wanted, it has.
  process.on("uncaughtException", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") say(`tally: ${error.stack ?? error.message}`);
    process.exit(error.code === "EPIPE" ? exitCodes.ok : exitCodes.failure);
  });
  // A command that nothing keeps alive any more, and that has not said how it went, has not gone well.
  process.exitCode = exitCodes.failure;
  process.exit(await perform(interpret(process.argv.slice(2)), join(__dirname, "..")));
}

/** Each way loads only its own code: the time that `tally <agent>` takes to start is the time a person waits. */
async function perform(intent: Intent, folder: string): Promise<number> {
  switch (intent.kind) {
    case "agent":
    case "program":
    case "persona": {
      const { runAgent } = await import("./run/run-agent.ts");
      return runAgent(intent, folder);
    }
    case "command": {
      const { runCommand } = await import("./commands/run-command.ts");
      return runCommand(intent.name, intent.args, folder);
    }
    case "completion": {
      const { complete } = await import("./completion/complete.ts");
      return complete(intent.args, folder);
    }
    case "help": {
      const { helpText } = await import("./help.ts");
      process.stdout.write(helpText());
      return exitCodes.ok;
    }
    case "version": {
      const { version } = await import("../protocol/version.ts");
      process.stdout.write(`tally ${version}\n`);
      return exitCodes.ok;
    }
    case "misuse":
      say(`tally: ${intent.problem}\nSee: tally --help`);
      return exitCodes.usage;
  }
}
