import * as vscode from "vscode";
import type { Worktree } from "../protocol/entities.ts";
import { doneWords } from "../presentation/operation-words.ts";
import { showInformation } from "../views/messages.ts";
import { withApproval } from "./approve-commands.ts";
import { askWorktree, type WorktreeWish } from "./ask-worktree.ts";
import { chooseRepository } from "./choose-folder.ts";
import { requireTrust } from "./require-trust.ts";
import { runOperation } from "./run-operation.ts";
import { sessionEnvironment } from "./session-environment.ts";
import type { Tally } from "./tally.ts";

const RESUME = "Resume";
const OPEN = "Open in New Window";

/** What a key binding or another extension may give so that nothing is asked. */
interface GivenWorktree extends WorktreeWish {
  readonly cwd?: string;
}

/** Makes a worktree, with all that belongs to it, and shows the terminal of its agent. */
export async function addWorktree(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const given = isGiven(target) ? target : null;
  const cwd = given?.cwd ?? (await chooseRepository(tally, target));
  if (cwd === null) return;
  const wish = given ?? (await askWorktree(tally, cwd));
  if (wish === null) return;
  const worktree = await add(tally, cwd, wish);
  if (worktree) await tellAdded(tally, worktree);
}

function add(tally: Tally, cwd: string, wish: WorktreeWish): Promise<Worktree | null> {
  const { name, from, agent, persona, args = [], prompt } = wish;
  return runOperation(tally, `Adding ${name}`, (operationId) =>
    withApproval(tally, { cwd, persona, canSkip: true }, (skipCommands) =>
      tally.link.client.call("addWorktree", {
        body: {
          operationId,
          cwd,
          name,
          ...(from === undefined ? {} : { from }),
          ...(agent === undefined ? {} : { agent }),
          ...(persona === undefined ? {} : { persona }),
          args: [...args],
          ...(prompt === undefined ? {} : { prompt }),
          env: sessionEnvironment(cwd),
          origin: "editor",
          skipCommands,
        },
      }),
    ),
  );
}

/** Shows its agent, and says what it has. */
export async function tellAdded(tally: Tally, { id, operation }: Worktree): Promise<void> {
  const { worktrees, sessions } = tally.link.live.model;
  const worktree = worktrees.get(id);
  if (!worktree) return;
  const session = worktree.agentSessionId === null ? undefined : sessions.get(worktree.agentSessionId);
  if (session?.endedAt === null) await tally.terminals.show(session);
  const kind = operation?.kind ?? "add";
  // What ran in it when it was removed does not begin by itself.
  void offerToGoOn(doneWords(kind, worktree), worktree, kind === "restore" ? [RESUME, OPEN] : [OPEN]);
}

async function offerToGoOn(text: string, { id, path }: Worktree, actions: readonly string[]): Promise<void> {
  const chosen = await showInformation(text, ...actions);
  if (chosen === RESUME) await vscode.commands.executeCommand("tally.resumeWorktree", id);
  if (chosen !== OPEN) return;
  await vscode.commands.executeCommand("vscode.openFolder", vscode.Uri.file(path), { forceNewWindow: true });
}

function isGiven(target: unknown): target is GivenWorktree {
  return typeof (target as Partial<GivenWorktree> | undefined)?.name === "string";
}
