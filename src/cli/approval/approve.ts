import { isatty } from "node:tty";
import { TallyError } from "../../protocol/errors.ts";
import { personAtTerminal } from "../answer/person-at-terminal.ts";
import type { CliContext } from "../context.ts";
import { parentLookup, refuseInsideSession } from "../inside-session.ts";
import { say } from "../talk.ts";

/** How the person lets something through that comes from a repository. */
export interface Consent {
  /** They said so on the command line, for scripts. */
  readonly isTrusted: boolean;
  /** The command line that says so. */
  readonly trustLine: string;
}

/**
 * Shows what comes from a repository, and has it approved: by `--trust`, or by the person at the terminal.
 * @throws {TallyError} `approval-needed` when nobody approves it, `inside-session`
 */
export async function obtainApproval(shown: readonly string[], consent: Consent, context: CliContext): Promise<void> {
  const { client, env } = context;
  const sessions = async () => (await client.call("snapshot", {})).sessions;
  await refuseInsideSession({ env, pid: process.pid, parentOf: parentLookup(), sessions, deed: "approve" });
  say(shown.join("\n"));
  if (!consent.isTrusted && !(await isApprovedByPerson(consent))) {
    throw new TallyError("approval-needed", "Not approved, so nothing was started.");
  }
}

async function isApprovedByPerson({ trustLine }: Consent): Promise<boolean> {
  if (!isatty(0) || !isatty(2)) {
    throw new TallyError(
      "approval-needed",
      `It needs your approval first: run it in a terminal, or read the above and say ${trustLine}`,
    );
  }
  const person = personAtTerminal();
  try {
    const line = await person.ask("Approve this, now and whenever it is the same? [y]es / [N]o: ");
    return /^y(es)?$/i.test(line?.trim() ?? "");
  } finally {
    person.dispose();
  }
}
