import * as vscode from "vscode";
import type { Session } from "../protocol/entities.ts";
import { TallyError } from "../protocol/errors.ts";
import { isHeld } from "../views/continuation-words.ts";
import { chooseSession } from "./choose-session.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";

const isLive = (session: Session): boolean => session.endedAt === null;

/** Shows the session's terminal: the tab that is open, else a new one. */
export async function showTerminal(tally: Tally, target?: unknown): Promise<void> {
  const session = await chooseSession(tally, target, {
    placeholder: "Whose terminal?",
    isFitting: ({ mode }) => mode === "pty",
  });
  if (session === null) return;
  if (session.mode === "headless") {
    showLatestOutput(tally, session);
    return;
  }
  if (session.mode === "pipes") {
    throw new TallyError(
      "not-attachable",
      `"${session.title}" runs in the pipes of the command that started it, so it has no terminal to show.`,
    );
  }
  if (session.mode === "external") {
    throw new TallyError(
      "not-attachable",
      `Another tool started "${session.title}" in a terminal of its own, so there is none here to show.`,
    );
  }
  tally.terminals.show(session);
}

/** What is done without a terminal has its output instead: that of its latest task. */
function showLatestOutput({ link, outputs }: Tally, { id, title }: Session): void {
  const runs = [...link.live.model.tasks.values()].filter(({ kind, sessionId }) => kind === "run" && sessionId === id);
  const latest = runs.sort((a, b) => (b.startedAt ?? b.createdAt) - (a.startedAt ?? a.createdAt))[0];
  if (latest) outputs.show(latest, { preserveFocus: true });
  else void vscode.window.showInformationMessage(`Nothing has been done in "${title}" yet. Add a task to it.`);
}

/** Ends the session; asks first when its agent is in the middle of something. */
export async function endSession(tally: Tally, target?: unknown): Promise<void> {
  const session = await chooseSession(tally, target, { placeholder: "End which session?", isFitting: isLive });
  if (session !== null && (await confirmEnd(session))) await end(tally, session);
}

export async function renameSession(tally: Tally, target?: unknown): Promise<void> {
  const session = await chooseSession(tally, target, { placeholder: "Rename which session?" });
  if (session === null) return;
  const title = await vscode.window.showInputBox({
    prompt: "The session's new title",
    value: session.title,
    validateInput: (value) => (value.trim() === "" ? "A session needs a title." : null),
  });
  if (title === undefined || title.trim() === session.title) return;
  await tally.link.client.call("renameSession", { id: session.id, body: { title: title.trim() } });
}

/** Removes an ended session from the list; a live one is ended first, if the person wants that. */
export async function removeSession(tally: Tally, target?: unknown): Promise<void> {
  const session = await chooseSession(tally, target, { placeholder: "Remove which session?" });
  if (session === null) return;
  if (isLive(session)) {
    const held = isHeld(session);
    const endFirst = held ? "Call Off and Remove" : "End and Remove";
    const said = held ? `"${session.title}" is held, and has not begun.` : `"${session.title}" still runs.`;
    const detail = held
      ? "Removing it calls it off: it is never started."
      : "Removing it ends its agent, and forgets its tasks and its output.";
    const choice = await vscode.window.showWarningMessage(said, { modal: true, detail }, endFirst);
    if (choice !== endFirst) return;
    await end(tally, session);
  }
  await tally.link.client.call("removeSession", { id: session.id });
  tally.terminals.close(session.id);
}

/** Removes a task that another tool reported; its tool may be long gone. */
export async function removeTask(tally: Tally, target?: unknown): Promise<void> {
  const node = typeof target === "string" ? tally.tree.tree.nodes.get(target) : undefined;
  if (node?.kind === "task") await tally.link.client.call("deleteTask", { body: { taskId: node.task.id } });
}

export async function copySessionId(tally: Tally, target?: unknown): Promise<void> {
  const session = await chooseSession(tally, target, { placeholder: "Whose id?" });
  if (session === null) return;
  await vscode.env.clipboard.writeText(session.id);
  vscode.window.setStatusBarMessage(`Copied ${session.id}`, 3_000);
}

async function confirmEnd(session: Session): Promise<boolean> {
  if (session.state !== "RUNNING" && session.state !== "WAITING_USER") return true;
  const end = "End Session";
  const doing = session.state === "RUNNING" ? "is working" : "waits for your answer";
  const choice = await vscode.window.showWarningMessage(
    `End "${session.title}"?`,
    { modal: true, detail: `Its agent ${doing}. What it has written to disk stays.` },
    end,
  );
  return choice === end;
}

async function end({ link }: Tally, session: Session): Promise<void> {
  const ended = link.client.call("endSession", { id: session.id, body: { force: false } });
  await withSlowProgress(`Ending "${session.title}"`, ended);
}
