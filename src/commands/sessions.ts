import * as vscode from "vscode";
import type { Session } from "../protocol/entities.ts";
import { TallyError } from "../protocol/errors.ts";
import { isHeld } from "../presentation/continuation-words.ts";
import { askInDialog, showInformation, showInStatusBar } from "../views/messages.ts";
import { askText } from "../views/questions.ts";
import { archiveSession } from "./archive.ts";
import { chooseSession, chooseSessions } from "./choose-session.ts";
import { listed, oneOrMany, severalRows, withEach } from "./several.ts";
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
    await showLatestOutput(tally, session);
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
  await tally.terminals.show(session);
}

/** What is done without a terminal has its output instead: that of its latest task. */
async function showLatestOutput({ link, outputs }: Tally, { id, title }: Session): Promise<void> {
  const runs = [...link.live.model.tasks.values()].filter(({ kind, sessionId }) => kind === "run" && sessionId === id);
  const latest = runs.sort((a, b) => (b.startedAt ?? b.createdAt) - (a.startedAt ?? a.createdAt))[0];
  if (latest) await outputs.show(latest, { preserveFocus: true });
  else void showInformation(`Nothing has been done in "${title}" yet. Add a task to it.`);
}

/** Ends sessions; asks first when an agent is in the middle of something. */
export async function endSession(tally: Tally, target?: unknown, selected?: unknown): Promise<void> {
  const choice = { placeholder: "End which session?", isFitting: isLive };
  const sessions = await chooseSessions(tally, { target, selected }, choice);
  if (sessions.length > 0 && (await confirmEnd(sessions))) await end(tally, sessions);
}

export async function renameSession(tally: Tally, target?: unknown): Promise<void> {
  const session = await chooseSession(tally, target, { placeholder: "Rename which session?" });
  if (session === null) return;
  const title = await askText({
    prompt: "The session's new title",
    value: session.title,
    validateInput: (value) => (value.trim() === "" ? "A session needs a title." : null),
  });
  if (title === undefined || title.trim() === session.title) return;
  await tally.link.client.call("renameSession", { id: session.id, body: { title: title.trim() } });
}

/** Removes ended sessions from the list; live ones are ended first, if the person wants that. */
export async function removeSession(tally: Tally, target?: unknown, selected?: unknown): Promise<void> {
  const choice = { placeholder: "Remove which session?", isFitting: () => true };
  const sessions = await chooseSessions(tally, { target, selected }, choice);
  if (sessions.length === 0) return;
  const answer = await confirmRemoval(sessions);
  if (answer === "archive") await archiveSession(tally, sessions[0]?.id);
  if (answer !== "remove") return;
  await end(tally, sessions.filter(isLive));
  await withEach(sessions, async ({ id }) => {
    await tally.link.client.call("removeSession", { id });
    tally.terminals.close(id);
  });
}

/** Removes tasks that another tool reported; their tool may be long gone. */
export async function removeTask(tally: Tally, target?: unknown, selected?: unknown): Promise<void> {
  const rows = severalRows(tally, target, selected) ?? (typeof target === "string" ? [target] : []);
  const tasks = rows.flatMap((row) => {
    const node = tally.tree.row(row);
    return node?.kind === "task" && node.task.kind === "foreign" ? [node.task] : [];
  });
  await withEach(tasks, ({ id }) => tally.link.client.call("deleteTask", { body: { taskId: id } }));
}

export async function copySessionId(tally: Tally, target?: unknown): Promise<void> {
  const session = await chooseSession(tally, target, { placeholder: "Whose id?" });
  if (session === null) return;
  await vscode.env.clipboard.writeText(session.id);
  showInStatusBar(`Copied ${session.id}`, 3_000);
}

/** One that works or waits would lose what it is in the middle of; of several it is asked once. */
async function confirmEnd(sessions: readonly Session[]): Promise<boolean> {
  const busy = sessions.filter(({ state }) => state === "RUNNING" || state === "WAITING_USER");
  const titles = sessions.map(({ title }) => title);
  const [only] = busy;
  if (only === undefined) return true;
  const end = sessions.length === 1 ? "End Session" : `End ${sessions.length} Sessions`;
  const doing = only.state === "RUNNING" ? "Its agent is working." : "Its agent waits for your answer.";
  const doingAll = `${busy.length} of them ${busy.length === 1 ? "is" : "are"} in the middle of something.`;
  const detail = [listed(titles), `${sessions.length === 1 ? doing : doingAll} What was written to disk stays.`];
  return (await askInDialog({ message: `End ${oneOrMany(titles, "sessions")}?`, detail }, end)) === end;
}

/** What is removed does not come back. @returns null when the person went away */
async function confirmRemoval(sessions: readonly Session[]): Promise<"remove" | "archive" | null> {
  const live = sessions.filter(isLive);
  const titles = sessions.map(({ title }) => title);
  const [only] = sessions;
  if (sessions.length === 1 && only) {
    if (live.length === 0) return confirmRemovalOfEnded(only);
    const held = isHeld(only);
    const endFirst = held ? "Call Off and Remove" : "End and Remove";
    const said = held ? `"${only.title}" is held, and has not begun.` : `"${only.title}" still runs.`;
    const detail = held
      ? "Removing it calls it off: it is never started."
      : "Removing it ends its agent, and forgets its tasks and its output.";
    return (await askInDialog({ message: said, detail }, endFirst)) === endFirst ? "remove" : null;
  }
  const remove = live.length === 0 ? `Remove ${sessions.length} Sessions` : "End and Remove";
  const lives = live.length === 0 ? "" : `${live.length} of them still ${live.length === 1 ? "runs" : "run"}. `;
  const detail = [listed(titles), `${lives}Removing them forgets their tasks and their output.`];
  const message = `Remove ${oneOrMany(titles, "sessions")}?`;
  return (await askInDialog({ message, detail }, remove)) === remove ? "remove" : null;
}

async function confirmRemovalOfEnded({ title, archivedAt }: Session): Promise<"remove" | "archive" | null> {
  const choices = archivedAt === null ? (["Remove", "Archive Instead"] as const) : (["Remove"] as const);
  const detail = "Its prompts and its output are forgotten, and it can no longer be resumed from here.";
  const answer = await askInDialog({ message: `Remove "${title}"?`, detail }, ...choices);
  if (answer === undefined) return null;
  return answer === "Remove" ? "remove" : "archive";
}

async function end({ link }: Tally, sessions: readonly Session[]): Promise<void> {
  if (sessions.length === 0) return;
  const ended = withEach(sessions, ({ id }) => link.client.call("endSession", { id, body: { force: false } }));
  const titles = sessions.map(({ title }) => title);
  await withSlowProgress(`Ending ${oneOrMany(titles, "sessions")}`, ended);
}
