import type { Session } from "../protocol/entities.ts";
import { isEnded } from "../protocol/states.ts";
import { nodeId } from "../presentation/tree-nodes.ts";
import { showFailure } from "../views/failure.ts";
import { showInformation } from "../views/messages.ts";
import { chooseSessions } from "./choose-session.ts";
import { oneOrMany, withEach } from "./several.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";

const archivable = {
  isFitting: (session: Session) => isEnded(session) && session.archivedAt === null,
  none: "No session has ended that could be archived.",
};

/** Puts ended sessions away. */
export async function archiveSession(tally: Tally, target?: unknown, selected?: unknown): Promise<void> {
  const sessions = await chooseSessions(
    tally,
    { target, selected },
    { placeholder: "Archive which session?", ...archivable },
  );
  await archive(tally, sessions);
}

/** Brings back what was put away. */
export async function unarchiveSession(tally: Tally, target?: unknown, selected?: unknown): Promise<void> {
  const sessions = await chooseSessions(
    tally,
    { target, selected },
    {
      placeholder: "Bring back which session?",
      isFitting: ({ archivedAt }) => archivedAt !== null,
      none: "No session is archived.",
    },
  );
  if (sessions.length > 0) await setArchived(tally, sessions, false);
}

/** Puts all ended sessions away, or on a row those below it. */
export async function archiveEnded(tally: Tally, target?: unknown): Promise<void> {
  const row = typeof target === "string" ? tally.tree.row(target) : undefined;
  const { sessions } = tally.link.live.model;
  const below = row ? new Set(row.children) : null;
  const ended = [...sessions.values()].filter(
    (session) => archivable.isFitting(session) && (below === null || below.has(nodeId.session(session.id))),
  );
  if (ended.length === 0) void showInformation(archivable.none);
  await archive(tally, ended);
}

async function archive(tally: Tally, sessions: readonly Session[]): Promise<void> {
  if (sessions.length === 0) return;
  await setArchived(tally, sessions, true);
  void tellArchived(tally, sessions);
}

async function setArchived({ link }: Tally, sessions: readonly Session[], isArchived: boolean): Promise<void> {
  const what = oneOrMany(
    sessions.map(({ title }) => title),
    "sessions",
  );
  const done = withEach(sessions, ({ id }) => link.client.call("archiveSession", { id, body: { isArchived } }));
  await withSlowProgress(`${isArchived ? "Archiving" : "Bringing back"} ${what}`, done);
}

/** Never rejects. */
async function tellArchived(tally: Tally, sessions: readonly Session[]): Promise<void> {
  const undo = "Undo";
  const what = oneOrMany(
    sessions.map(({ title }) => title),
    "sessions",
  );
  if ((await showInformation(`Archived ${what}.`, undo)) !== undo) return;
  try {
    const { model } = tally.link.live;
    // One that was removed meanwhile does not come back.
    await setArchived(
      tally,
      sessions.filter(({ id }) => model.sessions.has(id)),
      false,
    );
  } catch (error) {
    void showFailure(error);
  }
}
