import * as vscode from "vscode";
import type { Session } from "../protocol/entities.ts";
import { buildTree } from "../views/tree-model.ts";
import type { SessionNode } from "../views/tree-nodes.ts";
import { stateIcon } from "../views/state-icons.ts";
import { age, programName, stateWords } from "../views/wording.ts";
import type { Tally } from "./tally.ts";

/** What a key binding gives in package.json to mean the row that the keyboard is on. */
const SELECTION = "selection";

interface SessionItem extends vscode.QuickPickItem {
  readonly session: Session;
}

/**
 * The session a command is about: the row it was invoked on, the session with the given id, else the one the person picks.
 * @param isFitting leaves out sessions for which the command makes no sense.
 * @returns null when there is none, which is said, or the person went away.
 */
export async function chooseSession(
  { link, tree, terminals }: Tally,
  target: unknown,
  { placeholder, isFitting = () => true }: { placeholder: string; isFitting?: (session: Session) => boolean },
): Promise<Session | null> {
  const { model } = link.live;
  const given = target === SELECTION ? tree.selected : target;
  if (typeof given === "string") {
    const node = tree.tree.nodes.get(given);
    return (node?.kind === "session" ? node.session : model.sessions.get(given)) ?? null;
  }
  const items = [...buildTree(model).nodes.values()]
    .filter((node) => node.kind === "session")
    .filter(({ session }) => isFitting(session))
    .map(sessionItem);
  if (items.length === 0) {
    void vscode.window.showInformationMessage("There is no session to choose from.");
    return null;
  }
  const active = terminals.activeSessionId();
  // The session the person looks at is the one they most likely mean.
  items.sort((a, b) => Number(b.session.id === active) - Number(a.session.id === active));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: placeholder, matchOnDescription: true });
  return picked?.session ?? null;
}

function sessionItem({ session, project }: SessionNode): SessionItem {
  return {
    label: session.title,
    iconPath: stateIcon(session.state),
    description: `${project.name} · ${programName(session)} · ${stateWords[session.state]} ${age(session.stateSince, Date.now())}`,
    session,
  };
}
