import type { GatewayClient } from "../client/http.ts";
import type { Session } from "../protocol/entities.ts";

/** The session that a person means. @throws {TallyError} `session-not-found`, `session-ambiguous` */
export async function resolveSession(client: GatewayClient, ref: string): Promise<Session> {
  return (await client.call("resolveSession", { query: { ref } })).session;
}
