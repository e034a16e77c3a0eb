import type { AgentRequest, RequestAnswer } from "../../protocol/requests.ts";
import type { CliContext } from "../context.ts";
import { watchSession } from "../watch-session.ts";
import { askPerson } from "./ask-person.ts";
import { personAtTerminal } from "./person-at-terminal.ts";

/**
 * Asks the person at the terminal; when the request is answered elsewhere meanwhile the prompt disappears, and the answer is
 * `gone`. Null when they answer nothing.
 */
export async function askUnlessGone(
  sessionId: string,
  request: AgentRequest,
  context: CliContext,
): Promise<RequestAnswer | "gone" | null> {
  const person = personAtTerminal();
  let watch: { dispose(): void } | undefined;
  try {
    return await new Promise<RequestAnswer | "gone" | null>((resolve, reject) => {
      watch = watchSession(context, sessionId, {
        onSession(session) {
          if (session?.request?.id === request.id) return;
          person.withdraw();
          resolve("gone");
        },
        onFailure(error) {
          person.withdraw();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      });
      askPerson(request, person).then(resolve, reject);
    });
  } finally {
    watch?.dispose();
    person.dispose();
  }
}
