import { METADATA_TASKS } from "../../protocol/session-api.ts";
import type { SessionMetadata, SessionNumbers } from "../../protocol/session-file.ts";
import type { History } from "../history/history.ts";
import { toSessionMetadata, toSessionNumbers } from "../history/session-metadata.ts";

/** A session in the words of the session API, with the latest of its tasks. @throws {TallyError} `session-not-found` */
export function sessionMetadata(
  history: Pick<History, "of">,
  sessionId: string,
  tasksShown: number = METADATA_TASKS,
): { metadata: SessionMetadata; stats: SessionNumbers } {
  const { history: told, tasks } = history.of(sessionId, { limit: tasksShown });
  const metadata = toSessionMetadata(told.session, told.project, tasks.toReversed(), told.stats);
  return { metadata, stats: toSessionNumbers(told) };
}
