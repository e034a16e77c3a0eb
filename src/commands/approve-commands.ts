import * as z from "zod";
import { TallyError } from "../protocol/errors.ts";
import { type RepositoryCommands, repositoryCommandsSchema } from "../protocol/worktree-routes.ts";
import { repositoryCommandsText } from "../presentation/repository-commands-words.ts";
import { approvePersona } from "./approve-persona.ts";
import { confirmApproval } from "./confirm-approval.ts";
import type { Tally } from "./tally.ts";

const APPROVE = "Approve and Run";
const WITHOUT = "Go On Without Them";

const unapprovedDetailsSchema = z.object({ commands: repositoryCommandsSchema });

export interface ApprovalContext {
  /** Any folder of the repository. */
  readonly cwd: string;
  /** Of the repository, where the launch names one. */
  readonly persona?: string | undefined;
  /** Whether it can be done without what tally.json would run. */
  readonly canSkip: boolean;
}

/**
 * Does what may run something that comes from the repository; when the gateway wants it approved first, the person reads all
 * of it and decides. Null when they went away.
 */
export async function withApproval<T>(
  tally: Tally,
  { cwd, persona, canSkip }: ApprovalContext,
  run: (skipCommands: boolean) => Promise<T>,
): Promise<T | null> {
  let skipCommands = false;
  for (;;) {
    try {
      return await run(skipCommands);
    } catch (error) {
      if (!(error instanceof TallyError) || error.code !== "approval-needed") throw error;
      const details = unapprovedDetailsSchema.safeParse(error.details);
      if (details.success) {
        const answer = await askCommands(tally, cwd, details.data.commands, canSkip);
        if (answer === null) return null;
        skipCommands = answer === "without";
        continue;
      }
      if (persona === undefined) throw error;
      if (!(await approvePersona(tally, cwd, persona))) return null;
    }
  }
}

async function askCommands(
  { link }: Tally,
  cwd: string,
  commands: RepositoryCommands,
  canSkip: boolean,
): Promise<"approved" | "without" | null> {
  const question = {
    message: "Let this repository's tally.json run commands?",
    text: repositoryCommandsText(commands),
  };
  const answer = await confirmApproval(question, APPROVE, ...(canSkip ? [WITHOUT] : []));
  if (answer === undefined) return null;
  if (answer === WITHOUT) return "without";
  await link.client.call("approveCommands", { body: { cwd, hash: commands.hash } });
  return "approved";
}
