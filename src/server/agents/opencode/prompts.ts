import type { AnswerCall, Whereabouts } from "../adapter.ts";
import { headersFor, serverAt } from "./server.ts";

/** Its server takes a prompt without an answer; for a path that it does not know it answers with a page. */
const TAKEN = 204;

/** Null before it has a conversation, and where its server is not known. */
export function promptCall(whereabouts: Whereabouts, prompt: string): AnswerCall | null {
  const server = serverAt(whereabouts);
  const { conversationId } = whereabouts;
  if (!server || conversationId === null) return null;
  return {
    url: `${server.url}/session/${encodeURIComponent(conversationId)}/prompt_async`,
    headers: headersFor(server),
    body: { parts: [{ type: "text", text: prompt }] },
    isTaken: (status) => status === TAKEN,
  };
}
