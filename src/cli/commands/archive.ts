import { archiveEach, sessionIds } from "../archive/archive-sessions.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printJson } from "../screen/print.ts";
import { say } from "../talk.ts";
import { readOperands, UsageError } from "../usage.ts";

const options = { ended: { type: "boolean" }, json: { type: "boolean" } } as const;

export async function run(args: readonly string[], { client }: CliContext): Promise<number> {
  const { values, operands: refs } = readOperands(args, options);
  const { ended = false, json = false } = values;
  if (ended && refs.length > 0)
    throw new UsageError("--ended archives all that have ended, so it goes without a session.");
  if (!ended && refs.length === 0) throw new UsageError("<session> is missing; or say --ended.");
  const how = { isArchived: true, json };
  if (!ended) return archiveEach(client, await sessionIds(client, refs), how);
  const { sessions } = await client.call("snapshot", {});
  const ids = sessions.filter(({ endedAt, archivedAt }) => endedAt !== null && archivedAt === null).map(({ id }) => id);
  if (ids.length > 0) return archiveEach(client, ids, how);
  if (json) printJson([]);
  say("No session has ended that is not archived already.");
  return exitCodes.ok;
}
