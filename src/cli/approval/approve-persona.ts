import * as z from "zod";
import type { TallyError } from "../../protocol/errors.ts";
import { type OfferedPersona, offeredPersonaSchema } from "../../protocol/limit-routes.ts";
import type { CliContext } from "../context.ts";
import { formatPersona } from "../screen/persona-text.ts";
import { talkSurface } from "../screen/surface.ts";
import { say } from "../talk.ts";
import { type Consent, obtainApproval } from "./approve.ts";

const detailsSchema = z.object({ persona: offeredPersonaSchema });

/** The persona that an error `approval-needed` tells of; null when it is about something else. */
export function personaOfError({ details }: TallyError): OfferedPersona | null {
  return detailsSchema.safeParse(details).data?.persona ?? null;
}

/**
 * Has what a persona of the repository's tally.json wants to run approved.
 * @throws {TallyError} `approval-needed` when nobody approves it, `inside-session`
 */
export async function approvePersona(persona: OfferedPersona, consent: Consent, context: CliContext): Promise<void> {
  await obtainApproval(formatPersona(persona, talkSurface(context.env)), consent, context);
  const { name, hash } = persona;
  await context.client.call("approvePersona", { body: { cwd: process.cwd(), name, hash } });
  say(`[Tally] Approved persona ${name}.`);
}
