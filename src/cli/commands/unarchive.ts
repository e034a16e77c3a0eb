import { archiveEach, sessionIds } from "../archive/archive-sessions.ts";
import type { CliContext } from "../context.ts";
import { readOperands, UsageError } from "../usage.ts";

export async function run(args: readonly string[], { client }: CliContext): Promise<number> {
  const { values, operands: refs } = readOperands(args, { json: { type: "boolean" } });
  if (refs.length === 0) throw new UsageError("<session> is missing. See what is archived with: tally list --all");
  return archiveEach(client, await sessionIds(client, refs), { isArchived: false, json: values.json ?? false });
}
