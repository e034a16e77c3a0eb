import { isatty } from "node:tty";
import * as z from "zod";
import { TallyError } from "../../protocol/errors.ts";
import { type OfferedPersona, offeredPersonaSchema } from "../../protocol/limit-routes.ts";
import { personAtTerminal } from "../answer/person-at-terminal.ts";
import type { CliContext } from "../context.ts";
import type { RunIntent } from "../grammar.ts";
import { parentLookup, refuseInsideSession } from "../inside-session.ts";
import { formatPersona } from "../screen/persona-text.ts";
import { lineToCopy } from "../screen/shell-words.ts";
import { talkSurface } from "../screen/surface.ts";
import { say } from "../talk.ts";
import { wordsOfOptions } from "../launch-options.ts";
import { wordsOfRun } from "./request.ts";

const detailsSchema = z.object({ persona: offeredPersonaSchema });

/**
 * Shows what a persona of the repository's tally.json wants to run, and has it approved: by `--trust`, or by the person at the
 * terminal. @throws {TallyError} `approval-needed` when nobody approves it, `inside-session`
 */
export async function approvePersona(error: TallyError, intent: RunIntent, context: CliContext): Promise<void> {
  const parsed = detailsSchema.safeParse(error.details);
  if (!parsed.success) throw error;
  const { persona } = parsed.data;
  const { client, env } = context;
  const sessions = async () => (await client.call("snapshot", {})).sessions;
  await refuseInsideSession({ env, pid: process.pid, parentOf: parentLookup(), sessions, deed: "approve" });
  say(formatPersona(persona, talkSurface(env)).join("\n"));
  if (!intent.options.trust && !(await isApprovedByPerson(intent))) {
    throw new TallyError("approval-needed", "Not approved, so nothing was started.");
  }
  await approve(persona, context);
}

async function isApprovedByPerson(intent: RunIntent): Promise<boolean> {
  if (!isatty(0) || !isatty(2)) {
    const { head, rest } = wordsOfRun(intent);
    const line = lineToCopy(["tally", ...wordsOfOptions({ ...intent.options, trust: true }), ...head], rest);
    throw new TallyError(
      "approval-needed",
      `It needs your approval first: run it in a terminal, or read the above and say ${line}`,
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

async function approve({ name, hash }: OfferedPersona, { client }: CliContext): Promise<void> {
  await client.call("approvePersona", { body: { cwd: process.cwd(), name, hash } });
  say(`[Tally] Approved persona ${name}.`);
}
