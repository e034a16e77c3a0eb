import * as z from "zod";
import type { Worktree } from "../protocol/entities.ts";
import { TallyError } from "../protocol/errors.ts";
import type { RouteResult } from "../protocol/routes.ts";
import { type WorkAtRisk, workAtRiskSchema } from "../protocol/worktrees.ts";
import { doneWords } from "../presentation/operation-words.ts";
import { isProcessLive } from "../presentation/process-words.ts";
import { isAtRisk, removalQuestion } from "../presentation/removal-words.ts";
import { worktreeName } from "../presentation/worktree-words.ts";
import { askInDialog, showInformation } from "../views/messages.ts";
import { withApproval } from "./approve-commands.ts";
import { type ChosenWorktree, chooseWorktree, isOwn } from "./choose-worktree.ts";
import { requireTrust } from "./require-trust.ts";
import { restoreSnapshot } from "./restore-worktree.ts";
import { runOperation } from "./run-operation.ts";
import { sessionEnvironment } from "./session-environment.ts";
import type { Tally } from "./tally.ts";

const REMOVE = "Remove";
const REMOVE_AND_KEEP = "Remove and Keep a Snapshot";
const RESTORE = "Restore";

const atRiskDetailsSchema = z.object({ risk: workAtRiskSchema });

/** Removes a worktree after showing what would be lost with it. What is in it is kept as a snapshot. */
export async function removeWorktree(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const chosen = await chooseWorktree(tally, target, {
    placeholder: "Remove which worktree?",
    isFitting: isOwn,
    none: "There is no worktree to remove.",
  });
  if (chosen === null) return;
  const { risk } = await tally.link.client.call("worktreeRisk", { id: chosen.worktree.id });
  if (!(await confirm(tally, chosen.worktree, risk))) return;
  await removeConfirmed(tally, chosen, { force: isAtRisk(risk), isQuiet: false });
}

/** Removes it without a question, but for work that has come about since. @param isQuiet who asks tells of it. */
export async function removeConfirmed(
  tally: Tally,
  chosen: ChosenWorktree,
  { force, isQuiet }: { readonly force: boolean; readonly isQuiet: boolean },
): Promise<void> {
  const { worktree, project } = chosen;
  const name = worktreeName(worktree);
  let answer: RouteResult<"removeWorktree"> | null = null;
  const removed = await runOperation(tally, `Removing ${name}`, async (operationId) => {
    answer = await begin(tally, worktree, operationId, force);
    return answer;
  });
  if (removed && !isQuiet) void tellRemoved(tally, removed, project.path, answer);
}

async function begin(
  tally: Tally,
  worktree: Worktree,
  operationId: string,
  force: boolean,
): Promise<RouteResult<"removeWorktree"> | null> {
  let isForced = force;
  for (;;) {
    try {
      return await withApproval(tally, { cwd: worktree.path, canSkip: true }, (skipCommands) => {
        const env = sessionEnvironment(worktree.path);
        const body = { operationId, force: isForced, env, skipCommands };
        return tally.link.client.call("removeWorktree", { id: worktree.id, body });
      });
    } catch (error) {
      const risk = riskBehind(error);
      if (risk === null) throw error;
      if (!(await confirm(tally, worktree, risk))) return null;
      isForced = true;
    }
  }
}

/** What would be lost, because of which the gateway refused; null when that is not why. */
function riskBehind(error: unknown): WorkAtRisk | null {
  if (!(error instanceof TallyError) || error.code !== "work-at-risk") return null;
  const details = atRiskDetailsSchema.safeParse(error.details);
  return details.success ? details.data.risk : null;
}

async function confirm({ link }: Tally, worktree: Worktree, risk: WorkAtRisk): Promise<boolean> {
  const { sessions, processes } = link.live.model;
  const running = {
    sessions: [...sessions.values()].filter((each) => each.worktreeId === worktree.id && each.endedAt === null),
    processes: [...processes.values()].filter((each) => each.worktreeId === worktree.id && isProcessLive(each)),
  };
  const { message, detail } = removalQuestion(worktree, risk, running);
  const button = isAtRisk(risk) ? REMOVE_AND_KEEP : REMOVE;
  return (await askInDialog({ message, detail }, button)) === button;
}

async function tellRemoved(
  tally: Tally,
  worktree: Worktree,
  cwd: string,
  answer: RouteResult<"removeWorktree"> | null,
): Promise<void> {
  const branch = answer?.branch;
  const kept =
    branch && !branch.isDeleted && branch.name !== null ? ` Branch ${branch.name} is kept: ${branch.why}` : "";
  const said = `${doneWords("remove", worktree)}${kept}`;
  const choice = await showInformation(said, ...(answer === null ? [] : [RESTORE]));
  if (choice === RESTORE && answer !== null) {
    await restoreSnapshot(tally, { cwd, ref: answer.snapshotRef, name: worktree.name });
  }
}
