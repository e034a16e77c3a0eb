import type { GatewayClient } from "../../client/http.ts";
import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { printJson } from "../screen/print.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";

/** The sessions that words mean, each once. @throws {TallyError} before anything is done to any, where one is not known or may be several */
export async function sessionIds(client: GatewayClient, refs: readonly string[]): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (const ref of refs) ids.add((await client.call("resolveSession", { query: { ref } })).session.id);
  return [...ids];
}

/** Puts each away, or brings it back; one that is refused keeps the others from nothing. @returns the exit code. */
export async function archiveEach(
  client: GatewayClient,
  ids: readonly string[],
  { isArchived, json }: { readonly isArchived: boolean; readonly json: boolean },
): Promise<number> {
  const changed: Session[] = [];
  let exitCode: number = exitCodes.ok;
  for (const id of ids) {
    try {
      const { session } = await client.call("archiveSession", { id, body: { isArchived } });
      changed.push(session);
      if (!json) say(`${isArchived ? "Archived" : "Brought back"} ${id} (${printable(session.title)}).`);
    } catch (error) {
      if (!(error instanceof TallyError)) throw error;
      say(`tally ${isArchived ? "archive" : "unarchive"}: ${error.message}`);
      exitCode = exitCodeOfError(error.code);
    }
  }
  if (json) printJson(changed);
  return exitCode;
}
