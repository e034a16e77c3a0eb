import type * as vscode from "vscode";
import type { Session } from "../protocol/entities.ts";
import type { Model } from "../protocol/model.ts";
import { buildTree } from "../presentation/tree-model.ts";
import { nodeId, type SessionNode } from "../presentation/tree-nodes.ts";
import { defaultTreeOptions } from "../presentation/tree-options.ts";
import { shownState } from "../presentation/tree-order.ts";
import { stateIcon } from "../views/state-icons.ts";
import { age, programName, stateWords } from "../presentation/wording.ts";
import { showInformation } from "../views/messages.ts";
import { pickOne } from "../views/questions.ts";
import { chooseSeveral, type Invocation, SELECTION } from "./several.ts";
import type { Tally } from "./tally.ts";

const SESSION_ROW = nodeId.session("");

export interface SessionChoice {
  readonly placeholder: string;
  /** Leaves out sessions for which the command makes no sense; by default those that are archived. */
  readonly isFitting?: (session: Session) => boolean;
  /** What is said when there is none. */
  readonly none?: string;
}

interface SessionItem extends vscode.QuickPickItem {
  readonly session: Session;
}

/**
 * The session a command is about: the row it was invoked on, the session with the given id, else the one the person picks.
 * @param isFitting leaves out sessions for which the command makes no sense.
 * @returns null when there is none, which is said, or the person went away.
 */
export async function chooseSession(tally: Tally, target: unknown, choice: SessionChoice): Promise<Session | null> {
  const { model } = tally.link.live;
  const given = target === SELECTION ? tally.tree.selected : target;
  if (typeof given === "string") return sessionOfRow(model, given);
  const { placeholder, isFitting = isInView, none = "There is no session to choose from." } = choice;
  const items = [...buildTree(model, { ...defaultTreeOptions, showsArchived: true }).nodes.values()]
    .filter((node) => node.kind === "session")
    .filter(({ session }) => isFitting(session))
    .map(sessionItem);
  if (items.length === 0) {
    void showInformation(none);
    return null;
  }
  const active = tally.terminals.activeSessionId();
  // The session the person looks at is the one they most likely mean.
  items.sort((a, b) => Number(b.session.id === active) - Number(a.session.id === active));
  const picked = await pickOne(items, { placeHolder: placeholder, matchOnDescription: true });
  return picked?.session ?? null;
}

/**
 * The sessions a command is about that can be done with several: those of the selected rows for which it makes sense, else the one that
 * {@link chooseSession} finds.
 * @returns none when there is none, which is said, or the person went away.
 */
export function chooseSessions(tally: Tally, on: Invocation, choice: SessionChoice): Promise<readonly Session[]> {
  return chooseSeveral(tally, on, {
    ofRow: (row) => sessionOfRow(tally.link.live.model, row),
    isFitting: choice.isFitting ?? (() => true),
    chooseOne: () => chooseSession(tally, on.target, choice),
  });
}

function isInView({ archivedAt }: Session): boolean {
  return archivedAt === null;
}

/** @param row the row of a session, or its id. */
function sessionOfRow({ sessions }: Model, row: string): Session | null {
  return sessions.get(row.startsWith(SESSION_ROW) ? row.slice(SESSION_ROW.length) : row) ?? null;
}

function sessionItem({ session, project }: SessionNode): SessionItem {
  return {
    label: session.title,
    iconPath: stateIcon(shownState(session)),
    description: `${project.name} · ${programName(session)} · ${stateWords[shownState(session)]} ${age(session.stateSince, Date.now())}`,
    session,
  };
}
