import * as vscode from "vscode";
import type { AgentRequest } from "../protocol/requests.ts";
import type { Asking } from "../views/open-requests.ts";
import { RequestDocuments, requestOf } from "../views/request-documents.ts";
import { fitsInNotification, type RequestRef } from "../presentation/request-words.ts";
import { stateIcon } from "../views/state-icons.ts";
import { waitingSessions } from "../presentation/tree-model.ts";
import { waitsFor } from "../presentation/wording.ts";
import { showInformation } from "../views/messages.ts";
import { pickOne } from "../views/questions.ts";
import { severalRows } from "./several.ts";
import type { Tally } from "./tally.ts";

/** A request to answer, and whether the person has all of it before them already. */
export interface ChosenRequest extends Asking {
  readonly isShown: boolean;
}

interface RequestItem extends vscode.QuickPickItem {
  readonly asking: Asking;
}

/**
 * The request a command is about: the one that a notification or a document shows, that of the row it was invoked on, else the
 * one that is before the person, by its document or its selected row, else the only one there is; where that leaves several,
 * the one the person picks.
 * @returns null when there is none, which is said, or the person went away.
 */
export async function chooseRequest(
  tally: Tally,
  target: unknown,
  kinds: readonly AgentRequest["kind"][],
): Promise<ChosenRequest | null> {
  const answerable = answerableRequests(tally, kinds);
  if (target !== undefined) {
    const named = namedBy(target, answerable, tally);
    if (!named) sayGone();
    return named ? { ...named, isShown: shows(target, named.request) } : null;
  }
  if (answerable.length === 0) {
    void showInformation(`No agent asks for ${kinds.includes("permission") ? "that" : "an answer"}.`);
    return null;
  }
  const read = namedBy(RequestDocuments.inFront(), answerable, tally);
  const selected = namedBy(tally.tree.selected, answerable, tally);
  const isClear = !read || !selected || read.request === selected.request;
  const before = isClear ? (read ?? selected) : undefined;
  const [only] = answerable.length === 1 ? answerable : [];
  const chosen = before ?? only ?? (await pick(answerable));
  return chosen ? { ...chosen, isShown: chosen.request === read?.request } : null;
}

/**
 * The permissions that the selected rows ask for, where those are several; null where it is one row, or none.
 * What cannot be answered from here is left out.
 */
export function severalRequests(tally: Tally, target: unknown, selected: unknown): readonly Asking[] | null {
  const rows = severalRows(tally, target, selected);
  if (rows === null) return null;
  const answerable = answerableRequests(tally, ["permission"]);
  const named = rows.flatMap((row) => namedBy(row, answerable, tally) ?? []);
  if (named.length === 0) sayGone();
  return [...new Set(named)];
}

function answerableRequests({ link }: Tally, kinds: readonly AgentRequest["kind"][]): readonly Asking[] {
  return waitingSessions(link.live.model).flatMap((session): Asking[] => {
    const { request } = session;
    return request?.isAnswerable && kinds.includes(request.kind) ? [{ session, request }] : [];
  });
}

/** The request that a document, a notification or a row is about. */
function namedBy(target: unknown, answerable: readonly Asking[], tally: Tally): Asking | undefined {
  const ref = target instanceof vscode.Uri ? requestOf(target) : isRequestRef(target) ? target : null;
  const rowId = ref ? null : sessionIdOf(tally, target);
  return answerable.find(({ session, request }) =>
    ref ? session.id === ref.sessionId && request.id === ref.requestId : session.id === rowId,
  );
}

/** Whether what the command was invoked on shows all of the request: a document does, a notification only what fits. */
function shows(target: unknown, request: AgentRequest): boolean {
  return target instanceof vscode.Uri || (isRequestRef(target) && fitsInNotification(request));
}

/** The answer comes too late, and nothing is lost by it. */
export function sayGone(): void {
  void showInformation("That was answered already, or the agent no longer asks it.");
}

async function pick(answerable: readonly Asking[]): Promise<Asking | undefined> {
  const items = answerable.map((asking): RequestItem => {
    const { session } = asking;
    const description = waitsFor(session) ?? "";
    return { label: session.title, description, iconPath: stateIcon(session.state), asking };
  });
  return (await pickOne(items, { placeHolder: "Which request?", matchOnDescription: true }))?.asking;
}

/** The session of a row of the tree, be it its own or one of its prompts', or of an id. */
function sessionIdOf({ tree }: Tally, target: unknown): string | null {
  if (typeof target !== "string") return null;
  const node = tree.row(target);
  if (node?.kind === "session") return node.session.id;
  return node?.kind === "task" ? node.task.sessionId : target;
}

function isRequestRef(target: unknown): target is RequestRef {
  const fields = typeof target === "object" && target !== null ? (target as Partial<RequestRef>) : {};
  return typeof fields.sessionId === "string" && typeof fields.requestId === "string";
}
