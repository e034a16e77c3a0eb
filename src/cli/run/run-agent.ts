import { isatty } from "node:tty";
import { agentNames } from "../../protocol/agents.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { CreatedSession, CreateSession } from "../../protocol/routes.ts";
import { commandNames } from "../command-table.ts";
import { type CliContext, cliContext } from "../context.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import type { RunIntent } from "../grammar.ts";
import { wordsOfOptions } from "../launch-options.ts";
import { lineToCopy } from "../screen/shell-words.ts";
import { suggestions } from "../suggest.ts";
import { say } from "../talk.ts";
import { runInPipes } from "./pipes.ts";
import { launchRequest, wordsOfRun } from "./request.ts";
import { canRunUntracked, runUntracked, whyUntracked } from "./untracked.ts";

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
    if (why === null || !canRunUntracked(intent)) return await refuse(error, intent, context);
    say(`[Tally] running untracked: ${why}`);
    return await runUntracked(intent, context).catch((failure: unknown) => refuse(failure, intent, context));
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

async function createSession(intent: RunIntent, context: CliContext, viewer: ViewerRequest): Promise<CreatedSession> {
  const { client, env } = context;
  const body = { ...launchRequest(intent, process.cwd(), env), ...viewer };
  for (;;) {
    try {
      const created = await client.call("createSession", { body });
      await sayCreated(created, context);
      return created;
    } catch (error) {
      await clearWay(error, intent, context);
    }
  }
}

/** Does what the person wants done about a launch that is not let through, so that it can be tried again. @throws the error when nothing can be. */
async function clearWay(error: unknown, intent: RunIntent, context: CliContext): Promise<void> {
  if (!(error instanceof TallyError)) throw error;
  if (error.code === "paused" && intent.options.whenHeld === "wait") {
    const { untilLetThrough } = await import("./until-let-through.ts");
    await untilLetThrough(error, context);
  } else if (error.code === "approval-needed") {
    const { approvePersona, personaOfError } = await import("../approval/approve-persona.ts");
    const persona = personaOfError(error);
    if (persona === null) throw error;
    await approvePersona(persona, { isTrusted: intent.options.trust, trustLine: trustLine(intent) }, context);
  } else {
    throw error;
  }
}

/** The command line that approves what the repository's persona wants to run. */
function trustLine(intent: RunIntent): string {
  const { head, rest } = wordsOfRun(intent);
  return lineToCopy(["tally", ...wordsOfOptions({ ...intent.options, trust: true }), ...head], rest);
}

async function sayCreated({ task, project, pause }: CreatedSession, { env }: CliContext): Promise<void> {
  if (pause !== null) {
    const { startedInSpite } = await import("./held.ts");
    say(startedInSpite(pause, env));
  }
  say(`[Tally] Created task ${task.id} for ${project.name}`);
}

/** Says why it does not run. A missing program that nobody marked as one may be a mistyped subcommand or agent. */
async function refuse(error: unknown, intent: RunIntent, { env }: CliContext): Promise<number> {
  if (!(error instanceof TallyError)) throw error;
  if (error.code === "program-missing" && intent.kind === "program" && !intent.explicit) {
    const [word] = intent.words;
    say(`tally: "${word}" is no subcommand, no agent and no program on PATH.`);
    const meant = suggestions(word, [...commandNames, ...agentNames]);
    say(meant.length > 0 ? `Did you mean: ${meant.join(", ")}?` : "See: tally --help");
    return exitCodes.usage;
  }
  if (error.code === "paused") {
    const { sayHeldLaunch } = await import("./held.ts");
    sayHeldLaunch(error, intent, env);
  } else {
    say(`tally: ${error.message}`);
  }
  return exitCodeOfError(error.code);
}
