import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { Worktree } from "../protocol/entities.ts";
import { oneLine } from "../protocol/visible.ts";
import { showFailure } from "../views/failure.ts";
import { type ProgressStep, showError, showInStatusBar, showProgress } from "../views/messages.ts";
import { failedWords, progressPercent, progressWords, runningStep } from "../presentation/operation-words.ts";
import type { Outcome } from "../views/operation-watch.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";

const SHOW_OUTPUT = "Show Output";
const REPAIR = "Repair";
const MAX_FAILURE_LENGTH = 600;
const SAID_MS = 5_000;

/**
 * Does something to a worktree and shows how it comes along, with the step that is under way and *Cancel*. A failure is told.
 * @param begin asks the gateway for it; null when the person went away.
 * @returns the worktree, once it is done; null when it was not.
 */
export async function runOperation(
  tally: Tally,
  title: string,
  begin: (operationId: string) => Promise<{ readonly worktree: Worktree } | null>,
): Promise<Worktree | null> {
  const operationId = randomUUID();
  const followed = tally.operations.follow(operationId);
  let answer: { readonly worktree: Worktree } | null;
  try {
    answer = await withSlowProgress(title, begin(operationId));
  } catch (error) {
    followed.forget();
    throw error;
  }
  if (answer === null) {
    followed.forget();
    return null;
  }
  const { id } = answer.worktree;
  followed.answered(answer.worktree);
  const outcome = await showProgress({ title: `Tally: ${title}`, isCancellable: true }, (report, token) => {
    let percent = 0;
    followed.onStep((worktree) => {
      const now = worktree.operation === null ? percent : progressPercent(worktree.operation);
      report({ ...stepOf(worktree), increment: now - percent });
      percent = now;
    });
    token.onCancellationRequested(() => void cancel(tally, id));
    return followed.outcome;
  });
  return isDone(outcome) ? outcome.worktree : tellFailure(outcome);
}

function stepOf({ operation }: Worktree): ProgressStep {
  if (operation === null) return { text: "" };
  const text = progressWords(operation);
  const argument = runningStep(operation.steps)?.processId ?? null;
  if (argument === null) return { text };
  const show = { label: SHOW_OUTPUT, title: "Show the terminal it runs in", command: "tally.showProcess", argument };
  return { text, links: [show] };
}

async function cancel({ link }: Tally, id: string): Promise<void> {
  try {
    await link.client.call("cancelWorktree", { id, body: {} });
  } catch (error) {
    void showFailure(error);
  }
}

/** Of a removal that is done, the last that is heard may be that the worktree is gone. */
function isDone({ worktree: { operation }, isGone }: Outcome): boolean {
  if (operation === null || operation.state === "done") return true;
  return isGone && operation.kind === "remove" && operation.state === "running";
}

function tellFailure({ worktree, isGone }: Outcome): null {
  const { operation, id, name } = worktree;
  if (operation === null) return null;
  const text = failedWords(operation, name);
  if (operation.state === "cancelled" && worktree.status !== "broken") {
    showInStatusBar(`Tally: ${text}`, SAID_MS);
    return null;
  }
  const failed = operation.steps.find(({ state, processId }) => state === "failed" && processId !== null);
  const offers: Record<string, readonly [command: string, argument: string]> = {
    ...(failed?.processId && !isGone ? { [SHOW_OUTPUT]: ["tally.showProcess", failed.processId] } : {}),
    ...(worktree.status === "broken" && !isGone ? { [REPAIR]: ["tally.repairWorktree", id] } : {}),
  };
  void offer(oneLine(text, MAX_FAILURE_LENGTH), offers);
  return null;
}

async function offer(
  text: string,
  offers: Record<string, readonly [command: string, argument: string]>,
): Promise<void> {
  const chosen = await showError(text, ...Object.keys(offers));
  const [command, argument] = (chosen === undefined ? undefined : offers[chosen]) ?? [];
  // A command shows its own failure.
  if (command) await vscode.commands.executeCommand(command, argument);
}
