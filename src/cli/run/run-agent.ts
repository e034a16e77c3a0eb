import { isatty } from "node:tty";
import { agentNames } from "../../protocol/agents.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { CreatedSession, CreateSession } from "../../protocol/routes.ts";
import { commandNames } from "../command-table.ts";
import { type CliContext, cliContext } from "../context.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { suggestions } from "../suggest.ts";
import { say } from "../talk.ts";
import { runInPipes } from "./pipes.ts";
import { launchRequest, type RunIntent } from "./request.ts";
import { runUntracked, whyUntracked } from "./untracked.ts";

/**
 * Runs an agent as a session: in the pty host with this terminal as its view, or in this process's own pipes.
 * @returns the agent's exit code, or one that says why it did not start.
 */
export async function runAgent(intent: RunIntent, folder: string): Promise<number> {
  const context = cliContext(folder);
  try {
    return await track(intent, context);
  } catch (error) {
    const why = whyUntracked(error);
    if (why === null) return refuse(error, intent);
    say(`[Tally] running untracked: ${why}`);
    return await runUntracked(intent, context).catch((failure: unknown) => refuse(failure, intent));
  } finally {
    context.dispose();
  }
}

async function track(intent: RunIntent, context: CliContext): Promise<number> {
  const create = (viewer: ViewerRequest) => createSession(intent, context, viewer);
  if (isatty(0) && isatty(1)) {
    const { runInTerminal } = await import("./terminal.ts");
    return runInTerminal(context.client, create);
  }
  return runInPipes(context.client, await create({ mode: "pipes" }), intent);
}

/** How the session is going to be seen. */
export type ViewerRequest = Pick<CreateSession, "mode" | "cols" | "rows" | "awaitViewerMs">;

async function createSession(
  intent: RunIntent,
  { client, env }: CliContext,
  viewer: ViewerRequest,
): Promise<CreatedSession> {
  const created = await client.call("createSession", {
    body: { ...launchRequest(intent, process.cwd(), env), ...viewer },
  });
  say(`[Tally] Created task ${created.task.id} for ${created.project.name}`);
  return created;
}

/** Says why it does not run. A missing program that nobody marked as one may be a mistyped subcommand or agent. */
function refuse(error: unknown, intent: RunIntent): number {
  if (!(error instanceof TallyError)) throw error;
  if (error.code === "program-missing" && intent.kind === "program" && !intent.explicit) {
    const [word] = intent.words;
    say(`tally: "${word}" is no subcommand, no agent and no program on PATH.`);
    const meant = suggestions(word, [...commandNames, ...agentNames]);
    say(meant.length > 0 ? `Did you mean: ${meant.join(", ")}?` : "See: tally --help");
    return exitCodes.usage;
  }
  say(`tally: ${error.message}`);
  return exitCodeOfError(error.code);
}
