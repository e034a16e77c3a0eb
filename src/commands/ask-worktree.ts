import * as vscode from "vscode";
import { COMMAND_AGENT } from "../protocol/agents.ts";
import { problemOfWorktreeName } from "../protocol/worktree-names.ts";
import type { Branch } from "../protocol/worktree-routes.ts";
import { promptText } from "../presentation/editor-text.ts";
import { askText } from "../views/questions.ts";
import { type AgentChoice, chooseAgentOrNone } from "./choose-agent.ts";
import { chooseBranch } from "./choose-branch.ts";
import { findOffers } from "./session-offers.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";

const TITLE = "Tally: Add Worktree";

/** What a new worktree is to be. */
export interface WorktreeWish extends Omit<AgentChoice, "agent" | "args"> {
  readonly name: string;
  readonly from?: string;
  /** Null: none. */
  readonly agent?: string | null;
  readonly args?: readonly string[];
  readonly prompt?: string;
}

/** Asks for the name, the branch to begin from, the agent and its first prompt. Null when the person went away. */
export async function askWorktree(tally: Tally, cwd: string): Promise<WorktreeWish | null> {
  const asked = tally.link.client.call("branches", { query: { cwd } });
  const { branches, defaultBranch } = await withSlowProgress("Reading the branches", asked);
  const name = await askName(branches);
  if (name === null) return null;
  const existing = branches.find((branch) => branch.name === name);
  const base = existing ? { name } : await chooseBranch(TITLE, name, branches, defaultBranch);
  if (base === null) return null;
  const choice = await chooseAgentOrNone(await findOffers(tally, cwd), tally.memory, TITLE);
  if (choice === null) return null;
  if (choice === "none") return { ...base, agent: null };
  const prompt = choice.agent === COMMAND_AGENT ? "" : await askPrompt();
  if (prompt === undefined) return null;
  return { ...base, ...choice, ...(prompt.trim() === "" ? {} : { prompt: prompt.trim() }) };
}

async function askName(branches: readonly Branch[]): Promise<string | null> {
  const name = await askText({
    title: TITLE,
    prompt: "The name of the worktree and of its branch. A branch that exists is checked out.",
    placeHolder: "feature-payment",
    ignoreFocusOut: true,
    validateInput: (value) => nameMessage(value.trim(), branches),
  });
  return name === undefined || name.trim() === "" ? null : name.trim();
}

/** What is wrong with the name while it is typed, or what it means. */
function nameMessage(name: string, branches: readonly Branch[]): vscode.InputBoxValidationMessage | null {
  if (name === "") return null;
  const { Error, Info } = vscode.InputBoxValidationSeverity;
  const problem = problemOfWorktreeName(name);
  if (problem !== null) return { message: promptText(problem), severity: Error };
  const branch = branches.find((each) => each.name === name);
  if (!branch) return null;
  if (branch.checkedOutAt !== null) {
    return {
      message: promptText(`Branch ${name} is checked out at ${branch.checkedOutAt}. Choose another name.`),
      severity: Error,
    };
  }
  const where = branch.remote === null ? "exists" : `exists on ${branch.remote}`;
  return { message: promptText(`Branch ${name} ${where}: the worktree takes it up.`), severity: Info };
}

function askPrompt(): Thenable<string | undefined> {
  return askText({
    title: TITLE,
    prompt: "What shall the agent do first? Enter without a prompt only starts it.",
    placeHolder: "Add a payment page",
    ignoreFocusOut: true,
  });
}
