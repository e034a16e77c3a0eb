import type { OfferedPersona } from "../protocol/limit-routes.ts";
import { TallyError } from "../protocol/errors.ts";
import { personaText } from "../presentation/persona-words.ts";
import { confirmApproval } from "./confirm-approval.ts";
import type { Tally } from "./tally.ts";

const APPROVE = "Approve and Start";

/**
 * Shows exactly what a repository's persona runs, and asks the person to approve that.
 * @returns whether it is approved now.
 */
export async function approvePersona({ link }: Tally, cwd: string, name: string): Promise<boolean> {
  const { personas } = await link.client.call("personas", { query: { cwd } });
  const persona = personas.find((each) => each.name === name);
  if (!persona) throw new TallyError("persona-not-found", `There is no persona "${name}" for ${cwd} any more.`);
  if (persona.isApproved) return true;
  if (!(await confirm(persona, cwd))) return false;
  await link.client.call("approvePersona", { body: { cwd, name, hash: persona.hash } });
  return true;
}

async function confirm(persona: OfferedPersona, cwd: string): Promise<boolean> {
  const message = `Let this repository's persona "${persona.name}" start an agent?`;
  return (await confirmApproval({ message, text: personaText(persona, cwd) }, APPROVE)) === APPROVE;
}
