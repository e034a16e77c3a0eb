import type * as vscode from "vscode";
import type { HelperProcess } from "../protocol/worktrees.ts";
import { isProcessLive, processDescription, processName } from "../presentation/process-words.ts";
import { processIcon } from "../views/state-icons.ts";
import { worktreeName } from "../presentation/worktree-words.ts";
import { showInformation } from "../views/messages.ts";
import { pickOne } from "../views/questions.ts";
import { withApproval } from "./approve-commands.ts";
import { requireTrust } from "./require-trust.ts";
import { sessionEnvironment } from "./session-environment.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";

interface ProcessItem extends vscode.QuickPickItem {
  readonly process: HelperProcess;
}

export async function startProcess(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const process = await chooseProcess(tally, target, {
    placeholder: "Start which process?",
    isFitting: (each) => each.kind === "process" && !isProcessLive(each),
    none: "Every process runs already.",
  });
  if (process) await start(tally, process, { isRestart: false });
}

export async function restartProcess(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const process = await chooseProcess(tally, target, {
    placeholder: "Restart which process?",
    isFitting: ({ kind }) => kind === "process",
    none: "There is no process to restart.",
  });
  if (process) await start(tally, process, { isRestart: true });
}

export async function stopProcess(tally: Tally, target?: unknown): Promise<void> {
  const process = await chooseProcess(tally, target, {
    placeholder: "Stop which process?",
    isFitting: (each) => each.kind === "process" && isProcessLive(each),
    none: "No process runs.",
  });
  if (!process) return;
  const stopped = tally.link.client.call("stopProcess", { id: process.id, body: {} });
  await withSlowProgress(`Stopping ${processName(process)}`, stopped);
}

/** Shows the terminal that it runs in. */
export async function showProcess(tally: Tally, target?: unknown): Promise<void> {
  const process = await chooseProcess(tally, target, {
    placeholder: "Whose terminal?",
    isFitting: () => true,
    none: "There is no process to show.",
  });
  if (process) await tally.terminals.showProcess(process);
}

async function start(
  tally: Tally,
  process: HelperProcess,
  { isRestart }: { readonly isRestart: boolean },
): Promise<void> {
  const doing = `${isRestart ? "Restarting" : "Starting"} ${processName(process)}`;
  await withApproval(tally, { cwd: process.cwd, canSkip: false }, () => {
    const body = { env: sessionEnvironment(process.cwd), isRestart };
    return withSlowProgress(doing, tally.link.client.call("startProcess", { id: process.id, body }));
  });
}

async function chooseProcess(
  { link, tree }: Tally,
  target: unknown,
  choice: {
    readonly placeholder: string;
    readonly isFitting: (process: HelperProcess) => boolean;
    readonly none: string;
  },
): Promise<HelperProcess | null> {
  const { processes, worktrees } = link.live.model;
  if (typeof target === "string") {
    const node = tree.tree.nodes.get(target);
    const process = node?.kind === "process" ? node.process : processes.get(target);
    if (!process) void showInformation("That process is gone.");
    return process ?? null;
  }
  const items = [...processes.values()].filter(choice.isFitting).map((process): ProcessItem => {
    const worktree = worktrees.get(process.worktreeId);
    const where = worktree ? worktreeName(worktree) : "";
    return {
      label: processName(process),
      iconPath: processIcon(process),
      description: [where, processDescription(process)].filter(Boolean).join(" · "),
      process,
    };
  });
  if (items.length === 0) {
    void showInformation(choice.none);
    return null;
  }
  const options = { placeHolder: choice.placeholder, matchOnDescription: true };
  return (await pickOne(items, options))?.process ?? null;
}
