import { basename } from "node:path";
import * as vscode from "vscode";
import type { Model } from "../protocol/model.ts";
import type { Task } from "../protocol/entities.ts";
import { TallyError } from "../protocol/errors.ts";
import { MAX_PROMPT_CHARS } from "../protocol/queue-routes.ts";
import type { TaskWait } from "../protocol/tasks.ts";
import { addedWords } from "../presentation/run-words.ts";
import { showInformation, showInStatusBar } from "../views/messages.ts";
import { approvePersona } from "./approve-persona.ts";
import { askPrompt } from "./ask-prompt.ts";
import { type AgentChoice, chooseAgentForTask } from "./choose-agent.ts";
import { chooseTaskPlace, inFolder, type TaskPlace } from "./choose-task-place.ts";
import { requireTrust } from "./require-trust.ts";
import { sessionEnvironment } from "./session-environment.ts";
import { findOffers } from "./session-offers.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";
import { closeDraft, draftIn, openDraft } from "./task-drafts.ts";

const TITLE = "Tally: Add Task";
const SAID_MS = 5_000;

/** A task as the person wants it. */
export interface TaskWish {
  readonly where: TaskPlace;
  /** Null in the conversation of a session. */
  readonly choice: AgentChoice | null;
  readonly prompt: string;
}

/** What a key binding or another extension may give so that nothing is asked. */
interface GivenTask {
  readonly prompt: string;
  /** A session or a worktree, by its id. */
  readonly place?: string;
  readonly cwd?: string;
  readonly agent?: string;
  readonly persona?: string;
  readonly args?: readonly string[];
}

/** Hands work over to an agent: it begins as soon as its account, its worktree and the slots allow. */
export async function addTask(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const given = isGiven(target) ? target : null;
  const where =
    given?.cwd === undefined ? await chooseTaskPlace(tally, given ? given.place : target) : inFolder(given.cwd);
  if (where === null) return;
  const choice = where.session ? null : given ? givenChoice(given) : await askAgent(tally, where);
  if (choice === null && !where.session) return;
  if (given) {
    await add(tally, { where, choice, prompt: given.prompt });
    return;
  }
  const { folder, session } = where;
  const written = await askPrompt(TITLE, session ? `in "${session.title}"` : `in ${basename(folder)}`);
  if (written === null) return;
  const wish = { where, choice, prompt: written.text };
  if (written.isForEditor) await openDraft(wish);
  else await add(tally, wish);
}

/** Adds what is written in the active editor: a task that was begun there, or any text; of that, what is selected. */
export async function addTaskFromEditor(tally: Tally): Promise<void> {
  requireTrust();
  const editor = vscode.window.activeTextEditor;
  if (!editor) throw new TallyError("invalid-request", "No editor is open whose text could be a task.");
  const { document, selection } = editor;
  const draft = draftIn(document);
  const prompt = document.getText(draft || selection.isEmpty ? undefined : selection);
  if (prompt.trim() === "")
    throw new TallyError("invalid-request", "Nothing is written there yet. Write what is to be done.");
  const wish = draft ?? (await askWish(tally));
  if (wish === null) return;
  const isAdded = await add(tally, { ...wish, prompt });
  if (draft && isAdded) await closeDraft(document);
}

async function askWish(tally: Tally): Promise<Omit<TaskWish, "prompt"> | null> {
  const where = await chooseTaskPlace(tally, undefined);
  if (where === null) return null;
  const choice = where.session ? null : await askAgent(tally, where);
  return choice === null && !where.session ? null : { where, choice };
}

async function askAgent(tally: Tally, { folder }: TaskPlace): Promise<AgentChoice | null> {
  return chooseAgentForTask(await findOffers(tally, folder), tally.memory, TITLE);
}

/** False when the person did not approve what it would run. */
async function add(tally: Tally, wish: TaskWish): Promise<boolean> {
  const { where, choice, prompt } = wish;
  if (prompt.trim().length > MAX_PROMPT_CHARS) {
    throw new TallyError(
      "invalid-request",
      `The text has ${prompt.trim().length} characters, and a task may have ${MAX_PROMPT_CHARS}. Put it into a file, and name that.`,
    );
  }
  for (;;) {
    try {
      const added = tally.link.client.call("addTask", {
        body: {
          prompt,
          place: where.place,
          ...(choice?.persona !== undefined && { persona: choice.persona }),
          ...(choice?.agent !== undefined && { agent: choice.agent }),
          args: [...(choice?.args ?? [])],
          env: sessionEnvironment(where.folder),
          origin: "editor",
        },
      });
      const { task } = await withSlowProgress("Adding the task", added);
      void tellAdded(tally, task);
      return true;
    } catch (error) {
      const persona = choice?.persona;
      if (!(error instanceof TallyError) || error.code !== "approval-needed" || persona === undefined) throw error;
      if (!(await approvePersona(tally, where.folder, persona))) return false;
    }
  }
}

/** Where nothing holds it, the tree says it all. */
async function tellAdded({ link, settings }: Tally, task: Task): Promise<void> {
  const now = Date.now();
  const isHeld = settings.settings.block === "block";
  const wait = task.run?.waitsFor ?? (isHeld ? pauseOf(link.live.model, task) : null);
  const said = addedWords(task, wait, now);
  if (wait?.kind !== "pause") {
    showInStatusBar(`Tally: ${said}`, SAID_MS);
    return;
  }
  const show = "Show Limits";
  const chosen = await showInformation(said, show);
  if (chosen === show) await vscode.commands.executeCommand("tally.showLimits");
}

/** What holds it is only looked at once it is in the queue; a pause of its whole account is known before. */
function pauseOf({ pauses }: Model, { accountId }: Task): TaskWait | null {
  const pause = [...pauses.values()].find(
    (each) => each.isInForce && each.model === null && each.accountId === accountId,
  );
  return pause ? { kind: "pause", text: pause.reason, until: pause.until } : null;
}

function givenChoice({ agent, persona, args = [] }: GivenTask): AgentChoice {
  return { ...(agent !== undefined && { agent }), ...(persona !== undefined && { persona }), args };
}

function isGiven(target: unknown): target is GivenTask {
  return typeof (target as Partial<GivenTask> | undefined)?.prompt === "string";
}
