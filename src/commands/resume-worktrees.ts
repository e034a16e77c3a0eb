import type { Worktree } from "../protocol/entities.ts";
import type { RouteResult } from "../protocol/routes.ts";
import { resumedWords } from "../presentation/resumed-words.ts";
import { worktreeName } from "../presentation/worktree-words.ts";
import { showInformation, showProgress, showWarning } from "../views/messages.ts";
import { withApproval } from "./approve-commands.ts";
import { chooseWorktree, isOwn } from "./choose-worktree.ts";
import { requireTrust } from "./require-trust.ts";
import { sessionEnvironment } from "./session-environment.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";

/** Brings back what is missing in a worktree: its processes, and conversations whose process is gone. */
export async function resumeWorktree(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const chosen = await chooseWorktree(tally, target, {
    placeholder: "Resume which worktree?",
    isFitting: isOwn,
    none: "There is no worktree to resume.",
  });
  if (chosen === null) return;
  const { worktree } = chosen;
  const resumed = await withSlowProgress(`Resuming ${worktreeName(worktree)}`, resume(tally, worktree));
  if (resumed) tell([resumed]);
}

/** The same for all worktrees, one after the other: what starts at once starts slowly. */
export async function resumeAllWorktrees(tally: Tally): Promise<void> {
  requireTrust();
  const ready = [...tally.link.live.model.worktrees.values()].filter(({ status }) => status === "ready");
  if (ready.length === 0) {
    void showInformation("There is no worktree to resume.");
    return;
  }
  const options = { title: "Tally: Resuming worktrees", isCancellable: true };
  const all = await showProgress(options, async (report, token) => {
    const resumed: RouteResult<"resumeWorktree">[] = [];
    for (const worktree of ready) {
      if (token.isCancellationRequested) break;
      report({ text: worktreeName(worktree), increment: 100 / ready.length });
      const one = await resume(tally, worktree);
      if (one) resumed.push(one);
    }
    return resumed;
  });
  if (all.length > 0) tell(all);
}

function resume(tally: Tally, { id, path }: Worktree): Promise<RouteResult<"resumeWorktree"> | null> {
  return withApproval(tally, { cwd: path, canSkip: false }, () =>
    tally.link.client.call("resumeWorktree", { id, body: { env: sessionEnvironment(path) } }),
  );
}

function tell(resumed: readonly RouteResult<"resumeWorktree">[]): void {
  const { text, hasFailed } = resumedWords(resumed);
  void (hasFailed ? showWarning(text) : showInformation(text));
}
