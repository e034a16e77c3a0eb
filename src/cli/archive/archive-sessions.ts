import type { GatewayClient } from "../../client/http.ts";
import { changeEach } from "../change-each.ts";
import { resolveSession } from "../resolve-session.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";

/** The sessions that words mean, each once. @throws {TallyError} before anything is done to any, where one is not known or may be several */
export async function sessionIds(client: GatewayClient, refs: readonly string[]): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (const ref of refs) ids.add((await resolveSession(client, ref)).id);
  return [...ids];
}

/** Puts each away, or brings it back. @returns the exit code. */
export function archiveEach(
  client: GatewayClient,
  ids: readonly string[],
  { isArchived, json }: { readonly isArchived: boolean; readonly json: boolean },
): Promise<number> {
  return changeEach(ids, { command: isArchived ? "archive" : "unarchive", json }, async (id) => {
    const { session } = await client.call("archiveSession", { id, body: { isArchived } });
    if (!json) say(`${isArchived ? "Archived" : "Brought back"} ${id} (${printable(session.title)}).`);
    return session;
  });
}
