import * as z from "zod";
import { TallyError } from "../../protocol/errors.ts";
import { type RepositoryCommands, repositoryCommandsSchema } from "../../protocol/worktree-routes.ts";
import type { CliContext } from "../context.ts";
import { talkSurface } from "../screen/surface.ts";
import { say } from "../talk.ts";
import { formatCommands } from "../worktree/commands-text.ts";
import { type Consent, obtainApproval } from "./approve.ts";
import { approvePersona, personaOfError } from "./approve-persona.ts";

const detailsSchema = z.object({ commands: repositoryCommandsSchema });

/**
 * Does something that may need a person's approval of what the repository's tally.json says, and does it again once that is given.
 * @param cwd a folder of the repository.
 * @throws {TallyError} `approval-needed` when nobody approves it, `inside-session`
 */
export async function onceApproved<T>(
  act: () => Promise<T>,
  { cwd, consent, context }: { readonly cwd: string; readonly consent: Consent; readonly context: CliContext },
): Promise<T> {
  const approved = new Set<string>();
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof TallyError) || error.code !== "approval-needed") throw error;
      const persona = personaOfError(error);
      const commands = detailsSchema.safeParse(error.details).data?.commands;
      const hash = persona?.hash ?? commands?.hash;
      // What is asked for again although it was approved would be asked for for ever.
      if (hash === undefined || approved.has(hash)) throw error;
      approved.add(hash);
      if (persona !== null) await approvePersona(persona, consent, context);
      else if (commands) await approveCommands(commands, { cwd, consent, context });
    }
  }
}

async function approveCommands(
  commands: RepositoryCommands,
  { cwd, consent, context }: { readonly cwd: string; readonly consent: Consent; readonly context: CliContext },
): Promise<void> {
  await obtainApproval(formatCommands(commands, talkSurface(context.env)), consent, context);
  await context.client.call("approveCommands", { body: { cwd, hash: commands.hash } });
  say(`[Tally] Approved what ${commands.path} runs.`);
}
