import * as vscode from "vscode";
import { COMMAND_AGENT } from "../protocol/agents.ts";
import type { Session } from "../protocol/entities.ts";
import type { AddTask } from "../protocol/queue-routes.ts";
import { stateIcon } from "../views/state-icons.ts";
import { bySession, shownState } from "../presentation/tree-order.ts";
import { age, programName, stateWords } from "../presentation/wording.ts";
import { pickOne } from "../views/questions.ts";
import { foldersToWorkIn, offerToOpenFolder } from "./choose-folder.ts";
import type { Tally } from "./tally.ts";

/** Where a task is done. */
export interface TaskPlace {
  readonly place: AddTask["place"];
  readonly folder: string;
  /** In whose conversation; null for a new one. */
  readonly session: Session | null;
}

interface PlaceItem extends vscode.QuickPickItem, Partial<TaskPlace> {}

/** So many of the sessions that have ended are offered, the latest. */
const MAX_ENDED = 10;

/**
 * Where a task goes: the session, the worktree or the project that the command was invoked on; else what the person picks, which is not
 * asked where there is only one folder. Null when there is none or they went away.
 */
export async function chooseTaskPlace(tally: Tally, target: unknown): Promise<TaskPlace | null> {
  const given = typeof target === "string" ? givenPlace(tally, target) : null;
  if (given) return given;
  const folders = foldersToWorkIn(tally).map((item): PlaceItem & TaskPlace => ({
    label: item.label,
    ...(item.iconPath && { iconPath: item.iconPath }),
    description: item.path,
    ...inFolder(item.path),
  }));
  const sessions = sessionItems(tally);
  const [only] = folders;
  if (only && folders.length + sessions.length === 1) return only;
  if (folders.length + sessions.length === 0) return offerToOpenFolder();
  const newSession = folders.length === 0 ? [] : [separator("In a new session"), ...folders];
  const conversations = sessions.length === 0 ? [] : [separator("In an existing session"), ...sessions];
  // The session whose terminal the person looks at is the one they most likely mean.
  const isLookedAt = sessions[0]?.session?.id === tally.terminals.activeSessionId();
  const items = isLookedAt ? [...conversations, ...newSession] : [...newSession, ...conversations];
  const picked = await pickOne(items, {
    title: "Tally: Add Task",
    placeHolder: "Where should the task run?",
    matchOnDescription: true,
  });
  const { place, folder, session = null } = picked ?? {};
  return place && folder !== undefined ? { place, folder, session } : null;
}

function givenPlace({ tree, link }: Tally, target: string): TaskPlace | null {
  const { model } = link.live;
  const node = tree.tree.nodes.get(target);
  const session = node?.kind === "session" ? node.session : model.sessions.get(target);
  if (session) return inSession(session);
  const worktree = node?.kind === "worktree" ? node.worktree : model.worktrees.get(target);
  if (worktree) return { place: { worktreeId: worktree.id }, folder: worktree.path, session: null };
  return node?.kind === "project" ? inFolder(node.project.path) : null;
}

export function inFolder(folder: string): TaskPlace {
  return { place: { cwd: folder }, folder, session: null };
}

function inSession(session: Session): TaskPlace {
  return { place: { sessionId: session.id }, folder: session.cwd, session };
}

/** Those that can be given a prompt; the one that the person looks at first. */
function sessionItems({ link, terminals }: Tally): (PlaceItem & TaskPlace)[] {
  const { sessions, projects } = link.live.model;
  const usable = [...sessions.values()].filter(
    ({ agent, archivedAt }) => agent !== COMMAND_AGENT && archivedAt === null,
  );
  const live = usable.filter(({ endedAt }) => endedAt === null).sort(bySession);
  const ended = usable.filter(({ endedAt, conversationId }) => endedAt !== null && conversationId !== null);
  const active = terminals.activeSessionId();
  return [...live, ...ended.sort(bySession).slice(0, MAX_ENDED)]
    .sort((a, b) => Number(b.id === active) - Number(a.id === active))
    .map((session) => ({
      label: session.title,
      iconPath: stateIcon(shownState(session)),
      description: [
        projects.get(session.projectId)?.name ?? "",
        programName(session),
        `${stateWords[session.state]} ${age(session.stateSince, Date.now())}`,
      ].join(" · "),
      ...inSession(session),
    }));
}

function separator(label: string): PlaceItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
